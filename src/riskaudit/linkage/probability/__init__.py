"""in: tables of records and people that exact agreement left over, and what is known of how fields agree.

out: the best links by probability (Fellegi and Sunter 1969), each built up term by term; the model they go by.
"""
