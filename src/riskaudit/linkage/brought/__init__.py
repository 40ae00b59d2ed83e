"""in: a user's own record files as tables, and what their columns hold.

out: AgencyRecords for the linking; links, quality and a GUILD sheet told in the files' own ids.
"""
