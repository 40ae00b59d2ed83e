"""in: two audits, as their documents.

out: what is different between them: what was asked, verdicts, statistics, groups. In words that claim no more than that.
"""
