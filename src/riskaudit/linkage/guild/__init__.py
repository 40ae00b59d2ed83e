"""in: a study's records, its links and what was measured of them.

out: a Sheet of what the GUILD guidance (Gilbert et al. 2018) asks a linkage to report.
"""
