"""in: LinkedPeople, their trace and the records; never the truth.

out: LinkageCheck: who is left unlinked, what cannot be, and what another threshold would link.
"""
