"""Other thresholds, and the gap between groups over all of them: worked by hand, and by linking again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from riskaudit.artefacts import LINK_TERMS, LINKED_PEOPLE, LINKS, NEAR_LINKS, LinkageTrace, LinkedPeople
from riskaudit.linkage import Truth, check, link, measure, measure_with
from riskaudit.linkage.quality.thresholds import THRESHOLDS
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

INDEX_DATE = date(2024, 4, 1)
PEOPLE = ("p1", "p2", "p3", "p4", "p5", "p6")
GROUPS = ("a", "a", "a", "b", "b", "b")
#         record: its person, whom it was joined or nearly joined to, probability; None: exact agreement
LINKED = {"r1": ("p1", "p1", None), "r2": ("p2", "p2", 0.96), "r4": ("p4", "p5", 0.95)}
NEAR = {"r3": ("p3", "p3", 0.55), "r5": ("p5", "p6", 0.3), "r6": ("p6", "p6", 0.25)}


@pytest.fixture(scope="module")
def made():
    people = LINKED_PEOPLE.build({
        "person_id": [f"l-{one}" for one in PEOPLE], "family_id": list(PEOPLE), "spine_record_id": [f"s-{one}" for one in PEOPLE],
        "role": ["other"] * 6, "birth_date": [None] * 6, "ethnicity": [None] * 6, "deprivation_decile": [None] * 6,
        "family_type": ["no_adult"] * 6, "tenure": [None] * 6, "children": [0] * 6,
    })  # fmt: skip
    joined = list(LINKED.values())
    links = LINKS.build({
        "record_id": list(LINKED), "agency": ["school"] * 3, "person_id": [f"l-{to}" for _, to, _ in joined],
        "family_id": [to for _, to, _ in joined], "method": ["first" if p is None else "probabilistic" for _, _, p in joined],
        "match_weight": [None] * 3, "match_probability": [p for *_, p in joined], "rank": [1] * 3,
    })  # fmt: skip
    near = NEAR_LINKS.build({
        "record_id": list(NEAR), "agency": ["school"] * 3, "person_id": [f"l-{to}" for _, to, _ in NEAR.values()],
        "match_weight": [0.0] * 3, "match_probability": [p for *_, p in NEAR.values()],
    })  # fmt: skip
    return LinkedPeople(links, people), LinkageTrace(near, LINK_TERMS.empty(), None)


@pytest.fixture(scope="module")
def records(records_of):
    ethnicity = dict(zip(PEOPLE, GROUPS, strict=True))
    return records_of(
        gp=[{"record_id": f"s-{one}"} for one in PEOPLE],
        school=[{"record_id": one, "ethnicity": ethnicity[about[0]]} for one, about in (LINKED | NEAR).items()],
    )


@pytest.fixture(scope="module")
def found(made, records):
    linked, trace = made
    about = {f"s-{one}": one for one in PEOPLE} | {one: case[0] for one, case in (LINKED | NEAR).items()}
    keys = pa.table({"record_id": list(about), "person_id": list(about.values())})
    people = pa.table({"person_id": list(PEOPLE), "ethnicity": list(GROUPS)})
    return measure_with(linked, Truth.of_keys(keys, people), records, trace=trace).estimates


#    threshold  links  right   links of a, right   links of b, right
WORKED = [
    (0.1,       6,     4,      3, 3,               3, 1),
    (0.3,       5,     3,      3, 3,               2, 0),
    (0.5,       4,     3,      3, 3,               1, 0),
    (0.6,       3,     2,      2, 2,               1, 0),
    (0.95,      3,     2,      2, 2,               1, 0),
    (0.99,      1,     1,      1, 1,               0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("threshold", "links", "right", "links_a", "right_a", "links_b", "right_b"), WORKED)
def test_rates_at_a_threshold_are_those_worked_out_by_hand(
    found, threshold, links, right, links_a, right_a, links_b, right_b
):
    subject = f"match probability {threshold:g}"
    for level, pairs, made, correct in (
        ("all", 6, links, right),
        ("a", 3, links_a, right_a),
        ("b", 3, links_b, right_b),
    ):
        missed, wrong = (
            found.row(subject=subject, statistic=f"{name}_match_rate_at_threshold", level=level)
            for name in ("missed", "false")
        )
        assert (missed["estimate"], missed["n"]) == (pytest.approx(1 - correct / pairs), pairs)
        assert (wrong["estimate"], wrong["n"]) == (pytest.approx(1 - correct / made) if made else None, made)


def test_recall_over_all_thresholds_and_its_gap_are_those_worked_out_by_hand(found):
    # how far of the way from 0.1 to 1 each true pair lasts: 1, 0.86/0.9 and 0.45/0.9 of a; 0, 0 and 0.15/0.9 of b
    a, b = (1 + 0.86 / 0.9 + 0.45 / 0.9) / 3, (0.15 / 0.9) / 3
    rows = {row["level"]: row["estimate"] for row in found.rows(statistic="recall_over_thresholds", group="ethnicity")}
    assert rows == pytest.approx({"a": a, "b": b}, abs=1e-6)
    # two groups of one size: the later name is the reference. The curves never cross, so the area is the difference
    gap = found.row(statistic="recall_over_thresholds_difference")
    assert (gap["level"], gap["reference"], gap["estimate"]) == ("a", "b", pytest.approx(a - b, abs=1e-6))
    assert gap["lower"] < gap["estimate"] < gap["upper"]
    area = found.row(statistic="recall_curve_area")
    assert area["estimate"] == pytest.approx(a - b, abs=1e-6)
    assert (area["lower"], area["note"]) == (
        None,
        "no interval: never below zero, also where chance alone parts the curves",
    )


def test_the_gap_of_a_group_that_misses_nothing_reaches_as_far_as_what_is_known_of_it(made, records):
    linked, _ = made
    # three of a, all kept at every threshold: no variance is seen, and three people prove little
    near = {f"r{at}": (f"p{at}", 1.0 if at < 4 else 0.5 + at / 20) for at in range(1, 7)}
    trace = LinkageTrace(
        NEAR_LINKS.build({
            "record_id": list(near), "agency": ["school"] * 6, "person_id": [f"l-{to}" for to, _ in near.values()],
            "match_weight": [0.0] * 6, "match_probability": [p for _, p in near.values()],
        }), LINK_TERMS.empty(), None,
    )  # fmt: skip
    about = {f"s-{to}": to for to, _ in near.values()} | {one: to for one, (to, _) in near.items()}
    people = pa.table({"person_id": list(PEOPLE), "ethnicity": list(GROUPS)})
    keys = pa.table({"record_id": list(about), "person_id": list(about.values())})
    nothing = LinkedPeople(LINKS.empty(), linked.people)
    table = measure_with(nothing, Truth.of_keys(keys, people), records, trace=trace).estimates
    a, b = (table.row(statistic="recall_over_thresholds", level=level) for level in "ab")
    gap = table.row(statistic="recall_over_thresholds_difference")
    assert (a["estimate"], a["std_error"], gap["level"]) == (1, 0, "a")
    # Newcombe (1998), method 10, by hand
    below = np.hypot(a["estimate"] - a["lower"], b["upper"] - b["estimate"])
    above = np.hypot(a["upper"] - a["estimate"], b["estimate"] - b["lower"])
    ends = (gap["estimate"] - below, gap["estimate"] + above)
    assert (gap["lower"], gap["upper"]) == pytest.approx(ends)
    assert gap["estimate"] - gap["lower"] >= a["estimate"] - a["lower"] > 0.3


def test_the_area_counts_both_sides_of_curves_that_cross(made, records):
    linked, _ = made
    # one pair of each group: a at 0.9 and 0.3, b both at 0.6: apart by a half from 0.3 to 0.6 and from 0.6 to 0.9
    near = {"r1": ("p1", 0.9), "r2": ("p2", 0.3), "r4": ("p4", 0.6), "r5": ("p5", 0.6)}
    trace = LinkageTrace(
        NEAR_LINKS.build({
            "record_id": list(near), "agency": ["school"] * 4, "person_id": [f"l-{to}" for to, _ in near.values()],
            "match_weight": [0.0] * 4, "match_probability": [p for _, p in near.values()],
        }), LINK_TERMS.empty(), None,
    )  # fmt: skip
    about = {f"s-{to}": to for to, _ in near.values()} | {one: to for one, (to, _) in near.items()}
    people = pa.table({"person_id": list(PEOPLE), "ethnicity": list(GROUPS)})
    keys = pa.table({"record_id": list(about), "person_id": list(about.values())})
    nothing = LinkedPeople(LINKS.empty(), linked.people)
    table = measure_with(nothing, Truth.of_keys(keys, people), records, trace=trace).estimates
    assert table.row(statistic="recall_over_thresholds_difference")["estimate"] == pytest.approx(0, abs=1e-6)
    assert table.row(statistic="recall_curve_area")["estimate"] == pytest.approx((0.5 * 0.3 + 0.5 * 0.3) / 0.9)


def test_without_the_truth_links_and_their_mix_are_counted_at_every_threshold(made, records):
    table = check(*made, records).estimates
    for threshold, links, _, links_a, *_ in WORKED:
        subject = f"match probability {threshold:g}"
        rate = table.row(subject=subject, statistic="linked_rate_at_threshold", group="all")
        mix = table.row(subject=subject, statistic="share_of_links_at_threshold", group="ethnicity", level="a")
        assert (rate["estimate"], rate["n"]) == (pytest.approx(links / 6), 6)
        assert (mix["estimate"], mix["n"]) == (pytest.approx(links_a / links), links)


def test_a_stricter_threshold_is_what_linking_again_gives(world):
    asked = LinkageSection(method=LinkageMethod.CASCADE_THEN_PROBABILISTIC, match_probability=0.9)
    again = asked.model_copy(update={"match_probability": 0.99})
    (linked, trace), (stricter, _) = (
        link(world.records, one, Agency.GP, seed=1, index_date=INDEX_DATE) for one in (asked, again)
    )
    swept = measure(linked, world.truth, world.records, trace=trace).estimates
    told = measure(stricter, world.truth, world.records).estimates
    for name in ("missed_match_rate", "false_match_rate"):
        for group, level in (("all", "all"), ("ethnicity", "a"), ("ethnicity", "b")):
            here = swept.row(
                subject="match probability 0.99", statistic=f"{name}_at_threshold", group=group, level=level
            )
            there = told.row(subject="all agencies", statistic=name, group=group, level=level)
            assert (here["estimate"], here["n"], here["lower"]) == (there["estimate"], there["n"], there["lower"])


def test_missed_matches_never_fall_as_the_threshold_rises(found):
    missed = [
        found.row(subject=f"match probability {one:g}", statistic="missed_match_rate_at_threshold", group="all")[
            "estimate"
        ]
        for one in THRESHOLDS
    ]
    assert np.all(np.diff(missed) >= 0)


def test_exact_agreement_alone_has_no_threshold_to_try(world, linked):
    nothing = LinkageTrace(NEAR_LINKS.empty(), LINK_TERMS.empty(), None)
    one = linked[LinkageMethod.CASCADE]
    for table in (measure(one, world.truth, world.records, trace=nothing), check(one, nothing, world.records)):
        assert not [row for row in table.estimates.rows() if "threshold" in row["statistic"]]
