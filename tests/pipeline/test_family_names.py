"""What is said of a family that a study has not."""

from __future__ import annotations

import pytest

from riskaudit.pipeline.family_names import no_such_family

KNOWN = ["h000001", "h000003", "h000120"]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("h3", "did you mean 'h000003'?"),
        ("h999", "the nearest is 'h000120'"),
        ("nobody", "the nearest is 'h000001'"),
    ],
)
def test_the_nearest_by_number_is_named(asked: str, hint: str) -> None:
    fault = no_such_family("out/town", asked, KNOWN)
    assert (fault.where, fault.allowed, fault.hint) == ("out/town", "one such as h000001", hint)
    assert asked in fault.what


def test_a_study_without_families_has_no_nearest() -> None:
    assert no_such_family("out/town", "h1", []).hint == "it has no linked family at all"
