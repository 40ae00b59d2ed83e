"""Published systems that features are cited from, each with the source that lists its data.

A feature is cited only where that source names the kind of record; none of these systems published full definitions.
"""

from __future__ import annotations

__all__ = [
    "ALLEGHENY", "BRISTOL", "DURHAM", "GLADSAXE", "HACKNEY", "NEW_ZEALAND", "OREGON", "SUPPORTING_FAMILIES",
]  # fmt: skip

ALLEGHENY = "Allegheny Family Screening Tool, version 1 (county report, April 2019)"
BRISTOL = "Bristol Think Family database (csnetwork.org.uk 2017; IICSA h7; bristol.gov.uk)"
DURHAM = "Durham HART (governmenttechnology.co.uk, 10 May 2017)"
GLADSAXE = "Gladsaxe model, Denmark 2018 (AIAAIC; Politiken; Altinget)"
HACKNEY = "Hackney early-help profiling (Community Care, 1 March 2018; AIAAIC)"
NEW_ZEALAND = "New Zealand predictive risk model 2012 (NZ Herald; Ministry of Social Development)"
OREGON = "Oregon Safety at Screening Tool (AIAAIC; The Skanner)"
SUPPORTING_FAMILIES = "Troubled, later Supporting, Families criteria, England (gov.uk)"
