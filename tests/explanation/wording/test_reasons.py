"""One reason: the catalogue's words, and zero worded as 'no record'."""

from __future__ import annotations

import pytest

from riskaudit.artefacts import FeatureCatalogue
from riskaudit.explanation.wording import reason


@pytest.mark.parametrize(
    ("feature", "value", "words"),
    [
        ("referrals", 0, "that there is no record that somebody referred your child"),
        ("referrals", 1, "that somebody referred your child (once)"),
        ("referrals", 3, "that somebody referred your child (3 times)"),
        ("absent", 1, "that your child missed school"),
        ("absent", 0, "that there is no record that your child missed school"),
        ("rent_owed", 1, "that “Rent owed” is on record as 1 pound"),
        ("rent_owed", 1234.56, "that “Rent owed” is on record as 1,234.6 pounds"),
        ("no_school", 1, "that no school holds a record of your child"),
        ("no_school", 0, "that “No school” does not apply to you"),
        ("children", 0, "that “Children” is on record as 0 children"),
        ("children", 1, "that “Children” is on record as 1 child"),
        ("children", 4, "that “Children” is on record as 4 children"),
    ],
)
def test_a_reason_is_worded_by_kind_and_value(
    catalogue: FeatureCatalogue, feature: str, value: float, words: str
) -> None:
    assert reason(catalogue[feature], float(value)) == words
