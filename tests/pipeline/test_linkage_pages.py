"""A study's linkage, looked at closer: methods side by side, one family traced."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from riskaudit.artefacts import FamilyTrace, LinkageComparison, Whose
from riskaudit.cli.root import riskaudit
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, compare_linkage, trace_family
from riskaudit.study import Study

PICKS = ("false-link", "stranger", "sibling-swap", "missed")


@pytest.fixture(scope="module")
def compared(ran: RunResult) -> tuple[LinkageComparison, Path]:
    return compare_linkage(ran.study.folder)


def _rate(found: LinkageComparison, subject: str, statistic: str = "missed_match_rate") -> float:
    (row,) = found.estimates.rows(subject=subject, statistic=statistic, group="all")
    return float(row["estimate"])


def test_methods_differ_in_what_they_miss_and_the_control_misses_nothing(
    compared: tuple[LinkageComparison, Path],
) -> None:
    found, _ = compared
    assert _rate(found, "perfect") == 0
    assert _rate(found, "cascade_then_probabilistic") < _rate(found, "cascade") < _rate(found, "single_identifier")


def test_the_studys_own_method_has_the_studys_own_figures(
    ran: RunResult, compared: tuple[LinkageComparison, Path]
) -> None:
    own = ran.study.linkage_quality.estimates.rows(subject="all agencies", statistic="missed_match_rate")
    asked = ran.study.scenario.linkage.method.value
    same = compared[0].estimates.rows(subject=asked, statistic="missed_match_rate")
    keys = ("group", "level", "estimate", "lower", "upper", "n")
    assert [[row[key] for key in keys] for row in own] == [[row[key] for key in keys] for row in same]


def test_the_comparison_is_written_as_page_data_and_table(compared: tuple[LinkageComparison, Path]) -> None:
    found, page = compared
    data = json.loads(page.with_name("methods.json").read_text(encoding="utf-8"))
    assert data["schema"] == LinkageComparison.SCHEMA
    assert len(data["estimates"]) == len(list(found.estimates.rows()))
    text = page.read_text(encoding="utf-8")
    assert "Exact agreement" in text
    assert "SYNTHETIC" in text


def test_the_links_stay_as_they_are(ran: RunResult, compared: tuple[LinkageComparison, Path]) -> None:
    assert compared[1].is_file()
    states = {state.stage: state.to_make for state in _status(ran.study)}
    assert not any(states.values())


def _status(study: Study):  # type: ignore[no-untyped-def]
    from riskaudit.pipeline import status

    return status(study)


def test_a_trace_names_every_record_joined_to_the_family_and_no_other(ran: RunResult) -> None:
    links = ran.study.linked.links.to_pandas()
    family = links.family_id.value_counts().index[0]
    trace, page = trace_family(ran.study.folder, family)
    joined = {record.record_id for person in trace.people for record in person.records if record.joined}
    assert joined == set(links[links.family_id == family].record_id)
    assert [person.person_id for person in trace.people if not person.records] == []
    assert page.is_file()
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["family_id"] == family
    assert page.with_suffix(".md").is_file()


def test_a_trace_counts_the_events_that_each_record_brings(ran: RunResult) -> None:
    trace, _ = trace_family(ran.study.folder, "h000001")
    counted = {record.record_id: record.events for person in trace.people for record in person.records}
    for agency, events in ran.study.records.events.items():
        ids = events.column("record_id").to_pylist()
        for record, found in counted.items():
            if record.startswith(f"{agency}-"):
                assert found == ids.count(record)


@pytest.mark.parametrize("pick", PICKS)
def test_a_family_of_a_kind_is_of_that_kind_by_the_truth(ran: RunResult, pick: str) -> None:
    study = ran.study
    try:
        trace, _ = trace_family(study.folder, pick=pick)
    except BadInput as error:
        assert "no linked family of the kind" in str(error)  # noqa: PT017 - so small a study may have none
        return
    owner = dict(
        zip(*(study.population.keys.column(name).to_pylist() for name in ("record_id", "person_id")), strict=True)
    )
    for person in trace.people:
        for record in person.records:
            if record.joined:
                assert (record.whose is Whose.OWN) == (owner[record.record_id] == owner[person.spine_record_id])
        for record in person.elsewhere:
            assert owner[record.record_id] == owner[person.spine_record_id]
    joined = [record.whose for person in trace.people for record in person.records if record.joined]
    wanted = {
        "false-link": any(whose is not Whose.OWN for whose in joined),
        "stranger": Whose.STRANGER in joined,
        "sibling-swap": Whose.SIBLING in joined,
        "missed": any(not record.method for person in trace.people for record in person.elsewhere),
    }
    assert wanted[pick]


def test_without_the_truth_a_trace_does_not_say_whose_a_record_is(
    ran: RunResult, copy_of: Callable[[Study], Study]
) -> None:
    study = copy_of(ran.study)
    for path in (study.folder / "population" / "truth").iterdir():
        path.unlink()
    (study.folder / "population" / "truth").rmdir()
    trace, _ = trace_family(study.folder, "h000001")
    assert {record.whose for person in trace.people for record in person.records} == {None}
    with pytest.raises(BadInput, match="its truth was taken away"):
        trace_family(study.folder, pick="stranger")
    with pytest.raises(BadInput, match="its truth was taken away"):
        compare_linkage(study.folder)


def test_a_trace_comes_back_from_its_file_as_it_was(ran: RunResult) -> None:
    trace, page = trace_family(ran.study.folder, "h000001")
    read = lambda path: json.loads((page.parent / path).read_text(encoding="utf-8"))  # noqa: E731
    assert FamilyTrace.of(read, (page.with_suffix(".json").name,)) == trace


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["h00001"], "has no linked family 'h00001'"),
        ([], "give either a linked family's id or a kind of family"),
        (["h000001", "--pick", "stranger"], "give either a linked family's id or a kind of family"),
    ],
)
def test_what_cannot_be_traced_is_said(ran: RunResult, arguments: list[str], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        CliRunner().invoke(
            riskaudit,
            ["linkage", "trace", str(ran.study.folder), *arguments],
            catch_exceptions=False,
            standalone_mode=False,
        )
    assert said in str(caught.value)


def test_the_commands_print_what_they_found(ran: RunResult) -> None:
    compared = CliRunner().invoke(riskaudit, ["linkage", "compare", str(ran.study.folder)], catch_exceptions=False)
    assert "cascade" in compared.stdout
    assert "methods.html" in compared.stderr
    traced = CliRunner().invoke(riskaudit, ["linkage", "trace", str(ran.study.folder), "h000001", "--json"])
    assert json.loads(traced.stdout)["family_id"] == "h000001"
