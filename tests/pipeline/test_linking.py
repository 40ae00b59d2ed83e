"""Linking somebody's own files: the whole way, from files to a folder; and everything that may be wrong with them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from riskaudit.errors import BadInput
from riskaudit.pipeline import link_files, suggest_config, whole_folder
from riskaudit.scenario import LinkingFiles, load_linking_files

OURS = {
    "links.csv", "links.parquet", "unlinked.csv", "near_links.csv", "terms.csv", "quality.csv", "without_truth.csv", "guild.md",
    "guild.html", "link.json", "link.html",
}  # fmt: skip


def faults(lists: Any, *, files: list[Path] | None = None, out: Path | None = None) -> str:
    with pytest.raises(BadInput) as caught:
        link_files(lists.files if files is None else files, config=lists.config, out=out)
    return str(caught.value)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_two_lists_are_linked_measured_and_written_down(lists: Any, tmp_path: Path) -> None:
    linked = link_files(lists.files, config=lists.config, out=tmp_path / "out")
    pairs = dict(zip(linked.links["record_id"], linked.links["spine_record_id"], strict=True))
    assert pairs == {"s1": "c1", "s2": "c2", "s3": "c3", "s6": "c5"}
    assert list(linked.unlinked["record_id"]) == ["s4", "s5"]
    rates = linked.quality.query("subject == 'school' and group == 'all'").set_index("statistic")["estimate"]
    assert rates["missed_match_rate"] == pytest.approx(1 / 4)
    assert rates["false_match_rate"] == pytest.approx(1 / 4)
    assert names(tmp_path / "out") == OURS
    assert pq.read_table(tmp_path / "out" / "links.parquet").select(["record_id"]).num_rows == 4
    assert pd.read_csv(tmp_path / "out" / "links.csv", encoding="utf-8-sig")["record_id"].tolist() == list(pairs)
    document = json.loads((tmp_path / "out" / "link.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(linked.document()))
    assert document["schema"] == "riskaudit.link/1"
    clinic, school = document["about"]["files"]
    assert (clinic["role"], clinic["records"], clinic["linked"]) == ("spine", 5, 4)
    assert (school["linked"], school["unlinked"], sum(school["methods"].values())) == (4, 2, 4)


def test_nothing_is_written_that_nobody_asked_for(lists: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = names(tmp_path)
    link_files(lists.files, config=lists.config)
    assert names(tmp_path) == before


def test_the_order_of_files_and_rows_changes_no_link(lists: Any) -> None:
    first = link_files(lists.files, config=lists.config)
    heading, *rows = (lists.folder / "school.csv").read_text(encoding="utf-8").splitlines()
    (lists.folder / "school.csv").write_text("\n".join([heading, *reversed(rows)]) + "\n", encoding="utf-8")
    again = link_files(lists.files[::-1], config=lists.config)
    assert again.links_table.equals(first.links_table)


def test_a_configuration_can_be_given_as_an_object(lists: Any) -> None:
    asked = load_linking_files(lists.config)
    assert isinstance(asked, LinkingFiles)
    assert link_files(lists.files, config=asked).links_table.num_rows == 4


def test_parquet_with_dates_and_numbers_links_as_its_csv_does(lists: Any) -> None:
    from_csv = link_files(lists.files, config=lists.config)
    table = pd.read_csv(lists.folder / "clinic.csv", parse_dates=["dob"])
    table["dob"] = table["dob"].dt.date
    table.to_parquet(lists.folder / "clinic.parquet", index=False)
    lists.change("link.toml", "clinic.csv", "clinic.parquet")
    found = link_files([lists.folder / "clinic.parquet", lists.folder / "school.csv"], config=lists.config)
    assert found.links_table.equals(from_csv.links_table)


def test_linked_and_left_over_are_compared_by_the_files_own_groups(lists: Any) -> None:
    lists.change("link.toml", 'id = "pupil"\n', 'id = "pupil"\ngroups = ["area"]\n')
    heading, *rest = (lists.folder / "school.csv").read_text(encoding="utf-8").splitlines()
    areas = ("west", "east", "west", "west", "east", "west")
    lines = [f"{heading},area", *(f"{line},{area}" for line, area in zip(rest, areas, strict=True))]
    (lists.folder / "school.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    linked = link_files(lists.files, config=lists.config)
    found = linked.check.estimates
    rows = found.rows(subject="school", statistic="standardised_difference", group="area")
    left = found.rows(subject="school", statistic="unlinked_rate", group="area")
    assert [row["level"] for row in rows] == [row["level"] for row in left] == ["east", "west"]
    n, unlinked = ({row["level"]: row[of] for row in left} for of in ("n", "estimate"))
    lost = {level: n[level] * unlinked[level] for level in n}
    kept = {level: n[level] - lost[level] for level in n}
    for row in rows:  # Austin (2009), by hand
        p, q = (side[row["level"]] / sum(side.values()) for side in (kept, lost))
        assert row["estimate"] == pytest.approx((p - q) / ((p * (1 - p) + q * (1 - q)) / 2) ** 0.5)


def test_what_cannot_be_seen_on_own_files_is_not_said_to_be_never(lists: Any) -> None:
    told = {row["statistic"] for row in link_files(lists.files, config=lists.config).check.estimates.rows()}
    assert "two_sexes_rate" in told
    assert not told & {"parent_with_child_record_rate", "two_records_of_one_agency_rate"}


def test_without_truth_nothing_is_said_of_missed_and_false_matches(lists: Any, tmp_path: Path) -> None:
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    for _ in range(2):
        lists.config.write_text(
            lists.config.read_text(encoding="utf-8").replace('truth = "person"\n', "", 1), encoding="utf-8"
        )
    linked = link_files(lists.files, config=lists.config, out=tmp_path / "out")
    assert linked.quality is None
    assert names(tmp_path / "out") == OURS - {"quality.csv"}  # and the former run's is gone
    page = (tmp_path / "out" / "link.html").read_text(encoding="utf-8")
    assert "how many links are missed or wrong is not known" in page
    assert "Missed matches" not in page


def test_the_page_holds_no_name_and_no_record_id_and_calls_nothing_synthetic(lists: Any, tmp_path: Path) -> None:
    for name in ("clinic.csv", "school.csv"):
        text = (lists.folder / name).read_text(encoding="utf-8")
        (lists.folder / name).write_text(re.sub(r"^([cs])(\d)", r"id-\1-\2", text, flags=re.M), encoding="utf-8")
    lists.change("school.csv", "30/01/2012", "30/02/2012")
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    for name in ("link.html", "guild.md", "guild.html", "link.json", "quality.csv", "without_truth.csv"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert not re.search(r"id-[cs]-\d|Osei|Marsh|Patel|Patle|Kaya|Doyle|2012|ZZ\d", text), name
        assert "SYNTHETIC" not in text
    page = (tmp_path / "out" / "link.html").read_text(encoding="utf-8")
    assert page.count("PRIVATE: ") + page.count("PRIVATE:</strong>") >= 2
    assert "Keep it all as you keep the records" in page
    assert "1 of 6 values cannot be read as dates" in page


def test_the_guild_sheet_says_all_that_is_known_and_what_only_its_readers_know(lists: Any, tmp_path: Path) -> None:
    lists.change("school.csv", "30/01/2012", "30/02/2012")
    lists.change("link.toml", 'id = "record"\n', 'id = "record"\nabout = "Children seen in 2024."\n')
    linked = link_files(lists.files, config=lists.config, out=tmp_path / "out")
    page, text = ((tmp_path / "out" / f"guild.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
    for words in (
        "How the records were linked: Clinic and school",
        "It describes real records without naming any",
        "clinic (spine)",
        "Children seen in 2024.",
        "to be written by whoever holds the data",
        "school.csv, column",
        "1 of 6 values cannot be read as dates written %d/%m/%Y and count as missing",
        "16.7%",  # of the school's dates of birth
        "Groups and truth were not used to link.",
        "One record of clinic is one person.",
        "forename, surname, birth date",
        "Accuracy is told against the files",
        "Errors by true group, all files together",
        "For you to add",
        "on what legal basis they are linked",
    ):
        assert words in page, words
        assert words in text, words
    assert "agencies" not in text
    for _ in range(2):
        lists.config.write_text(
            lists.config.read_text(encoding="utf-8").replace('truth = "person"\n', "", 1), encoding="utf-8"
        )
    unjudged = link_files(lists.files, config=lists.config).guild
    assert any("no file says who is who" in str(block) for part in unjudged.parts for block in part.blocks)
    assert linked.guild.parts[-1] == unjudged.parts[-1]


def test_formulas_in_cells_stay_text(lists: Any, tmp_path: Path) -> None:
    lists.change("school.csv", "s5,", "=HYPERLINK(1),")
    lists.change("clinic.csv", "c1,", "@c1,")
    lists.change("clinic.csv", ",north,", ",+north,")
    linked = link_files(lists.files, config=lists.config, out=tmp_path / "out")
    assert "=HYPERLINK(1)" in set(linked.unlinked["record_id"])
    assert '"\'=HYPERLINK(1)"' in (tmp_path / "out" / "unlinked.csv").read_text(encoding="utf-8-sig")
    assert '"\'@c1"' in (tmp_path / "out" / "links.csv").read_text(encoding="utf-8-sig")
    assert '"\'+north"' in (tmp_path / "out" / "quality.csv").read_text(encoding="utf-8-sig")


def test_what_a_user_wrote_is_escaped_in_the_page(lists: Any, tmp_path: Path) -> None:
    lists.change("link.toml", '"Clinic and school"', '"<script>alert(1)</script>"')
    lists.change("clinic.csv", "north", "<img src=x>")
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    page = (tmp_path / "out" / "link.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page


# What may be wrong


def test_faults_of_configuration_files_and_folder_come_together(lists: Any, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    lists.change("link.toml", 'id = "pupil"', 'ids = "pupil"')
    told = faults(lists, files=lists.files[:1], out=tmp_path / "out")
    assert "did you mean 'id'?" in told
    assert "files: 1 given" in told
    assert "holds other things than an earlier linkage: notes.txt" in told


def test_every_file_is_looked_at_though_one_cannot_be_read(lists: Any) -> None:
    (lists.folder / "clinic.csv").write_bytes("record,first_name\nc1,Zoë\n".encode("latin-1"))
    lists.change("school.csv", "s2,", "s1,")
    told = faults(lists)
    assert "clinic.csv, line 2: is not UTF-8 text" in told
    assert "school.csv, column 'pupil': 1 id stands more than once: 's1'; rows 2, 3" in told


def test_a_byte_order_mark_is_no_part_of_the_first_heading(lists: Any) -> None:
    text = (lists.folder / "clinic.csv").read_text(encoding="utf-8")
    (lists.folder / "clinic.csv").write_text(text, encoding="utf-8-sig")
    assert link_files(lists.files, config=lists.config).links_table.num_rows == 4


def test_rows_that_are_cut_short_are_a_fault(lists: Any) -> None:
    lists.change("school.csv", "s4,Dev,", "s4,")
    assert "1 row has more or fewer cells than the heading: row 5 has 6" in faults(lists)


def _only_heading(text: str) -> bytes:
    return (text.splitlines()[0] + "\n").encode()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: b"", "school.csv: is empty or starts with an empty row"),
        (_only_heading, "school.csv: has a heading but no rows"),
        (lambda text: text.encode("utf-16"), "school.csv: is UTF-16 text, not UTF-8"),
        (lambda text: text.encode("utf-16-le"), "school.csv, line 1: holds a NUL character"),
        (lambda text: text.replace("Ada", "Zoë").encode("latin-1"), "school.csv, line 2: is not UTF-8 text"),
        (lambda text: text.replace("Ada", '"Ada').encode(), "more or fewer cells than the heading: row 2"),
        (lambda text: text.replace("\ns3,", "\n\ns3,").encode(), "1 record has no id: row 4"),
        (lambda text: text.replace("pupil,given", "pupil,pupil").encode(), "more than one column called 'pupil'"),
    ],
    ids=["empty", "heading", "utf-16", "utf-16 unmarked", "latin-1", "quote", "empty row", "two of a name"],
)
def test_a_file_that_is_not_what_it_should_be_is_told_and_nothing_is_written(
    lists: Any, tmp_path: Path, spoil: Callable[[str], bytes], told: str
) -> None:
    lists.change("clinic.csv", "c2,", "c1,")
    path = lists.folder / "school.csv"
    path.write_bytes(spoil(path.read_text(encoding="utf-8")))
    said = faults(lists, out=tmp_path / "out")
    assert told in said
    assert "clinic.csv, column 'record': 1 id stands more than once" in said  # the other file's fault is told with it
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: (text + "\n\n").encode(),
    ],
    ids=["Windows line ends", "old line ends", "semicolons", "byte-order mark", "empty rows at the end"],
)
def test_files_of_other_programs_link_alike(lists: Any, written: Callable[[str], bytes]) -> None:
    as_it_was = link_files(lists.files, config=lists.config).links_table
    for path in lists.files:
        path.write_bytes(written(path.read_text(encoding="utf-8")))
    assert link_files(lists.files, config=lists.config).links_table.equals(as_it_was)


def test_ids_keep_their_zeros_and_long_names_are_names(lists: Any, tmp_path: Path) -> None:
    for name, letter in (("clinic.csv", "c"), ("school.csv", "s")):
        text = (lists.folder / name).read_text(encoding="utf-8").replace("Ada", "Ada" * 100)
        (lists.folder / name).write_text(re.sub(rf"^{letter}(\d)", r"00\1", text, flags=re.M), encoding="utf-8")
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    found = pd.read_csv(tmp_path / "out" / "links.csv", encoding="utf-8-sig", dtype=str)
    assert list(zip(found["spine_record_id"], found["record_id"], strict=True))[:2] == [("001", "001"), ("002", "002")]


@pytest.mark.parametrize("method", ["cascade", "cascade_then_probabilistic", "single_identifier"])
def test_one_record_against_one_is_enough(lists: Any, tmp_path: Path, method: str) -> None:
    for path in lists.files:
        path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:2]) + "\n", encoding="utf-8")
    lists.change("link.toml", '"cascade"', f'"{method}"')
    if method == "single_identifier":
        assert "school.csv: has no usable identifier" in faults(lists, out=tmp_path / "out")
    else:
        assert link_files(lists.files, config=lists.config, out=tmp_path / "out").links_table.num_rows == 1


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["clinic.csv", "school.csv", "clinic.csv"], "clinic.csv: is given twice"),
        (["clinic.csv", "school.csv", "copy.csv"], "copy.csv: is the same file as"),
        (["clinic.csv"], "'school.csv' is not among the files given"),
        (["clinic.csv", "schol.csv"], "did you mean 'school.csv'?"),
        (["clinic.csv", "school.csv", "school.txt"], "school.txt: the configuration does not describe this file"),
    ],
)
def test_the_wrong_files_are_named(lists: Any, files: list[str], told: str) -> None:
    (lists.folder / "copy.csv").write_bytes((lists.folder / "clinic.csv").read_bytes())
    assert told in faults(lists, files=[lists.folder / name for name in files])


def test_files_of_one_name_are_told_apart_by_their_folders(lists: Any) -> None:
    for year, name in (("2023", "clinic.csv"), ("2024", "school.csv")):
        (lists.folder / year).mkdir()
        (lists.folder / name).rename(lists.folder / year / "list.csv")
    files = [lists.folder / "2023" / "list.csv", lists.folder / "2024" / "list.csv"]
    lists.change("link.toml", '"clinic.csv"', '"2023/list.csv"')
    lists.change("link.toml", '"school.csv"', '"2024/list.csv"')
    assert link_files(files, config=lists.config).links_table.num_rows == 4
    lists.change("link.toml", '"2023/list.csv"', '"list.csv"')
    lists.change("link.toml", '"2024/list.csv"', '"list.csv"')
    assert "more than one file answers to 'list.csv'" in faults(lists, files=files)


# The folder


def test_a_second_run_replaces_the_first_as_a_whole(lists: Any, tmp_path: Path) -> None:
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    lists.change("school.csv", "Marsh", "Other")
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    assert "s3" not in (tmp_path / "out" / "links.csv").read_text(encoding="utf-8-sig")
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize("held", ["notes.txt", "manifest.json"])
def test_a_folder_that_holds_other_things_is_left_alone(lists: Any, tmp_path: Path, held: str) -> None:
    link_files(lists.files, config=lists.config, out=tmp_path / "out")
    (tmp_path / "out" / held).write_text("mine", encoding="utf-8")
    assert f"holds other things than an earlier linkage: {held}" in faults(lists, out=tmp_path / "out")
    assert (tmp_path / "out" / held).read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_left_alone(lists: Any) -> None:
    assert "school.csv: is a file" in faults(lists, out=lists.folder / "school.csv")


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("cut_short", ["writing", "renaming"])
def test_an_interrupt_leaves_the_folder_as_it_was(
    lists: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool, cut_short: str
) -> None:
    if earlier:
        link_files(lists.files, config=lists.config, out=tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*")}
    lists.change("school.csv", "Marsh", "Other")
    write, rename = whole_folder.write_part, Path.rename

    def stop_writing(path: Path, part: Any, label: str) -> None:
        write(path, part, label)
        if path.name == "terms.csv":
            raise KeyboardInterrupt

    def stop_renaming(path: Path, to: Path) -> Path:
        if path.name.endswith(".making"):
            raise KeyboardInterrupt
        return rename(path, to)

    if cut_short == "writing":
        monkeypatch.setattr(whole_folder, "write_part", stop_writing)
    else:
        monkeypatch.setattr(Path, "rename", stop_renaming)
    with pytest.raises(KeyboardInterrupt):
        link_files(lists.files, config=lists.config, out=tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*")} == before
    assert [path.name for path in tmp_path.glob(".*")] == []


# The probabilistic step


def slips(column: list[str], rng: np.random.Generator, share: float) -> list[str]:
    return [text[:-1] + "x" if hit else text for text, hit in zip(column, rng.random(len(column)) < share, strict=True)]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, write_lists: Callable[[Path], Any]) -> Any:
    """The same configuration, for 3,000 people of whom the school knows 2,000, with slips in a fifth of names. Made up."""
    lists, rng = write_lists(tmp_path_factory.mktemp("crowd") / "lists"), np.random.default_rng(4)
    size, kept = 3_000, 2_000
    letters = rng.choice(list("abcdefghijklmnop"), (size, 12))
    first = ["".join(row[:4]) for row in letters]
    last = ["".join(row[4:10]) for row in letters]
    days = pd.Timestamp("2005-01-01") + pd.to_timedelta(rng.integers(0, 5_000, size), "D")
    sex, code = rng.choice(["F", "M"], size), [f"ZZ{n} {n % 9}AA" for n in rng.integers(0, 400, size)]
    person = [f"p{i}" for i in range(size)]
    clinic = {"first_name": first, "last_name": last, "sex": sex, "dob": days.strftime("%Y-%m-%d"), "postcode": code}
    clinic |= {"record": [f"c{i}" for i in range(size)], "area": "north", "person": person}
    pd.DataFrame(clinic).to_csv(lists.files[0], index=False)
    school = {"given": slips(first, rng, 0.2), "family": slips(last, rng, 0.2), "gender": np.where(sex == "F", 2, 1)}
    school |= {
        "birth": days.strftime("%d/%m/%Y"),
        "post_code": code,
        "pupil": [f"s{i}" for i in range(size)],
        "person": person,
    }
    pd.DataFrame(school).iloc[:kept].to_csv(lists.files[1], index=False)
    lists.change("link.toml", '"cascade"', '"cascade_then_probabilistic"')
    return lists


def test_what_exact_agreement_leaves_over_is_linked_by_probability(crowd: Any, tmp_path: Path) -> None:
    linked = link_files(crowd.files, config=crowd.config, out=tmp_path / "out")
    likely = linked.links.query("method == 'probabilistic'")
    assert linked.about["model"]["data"] == "these records"
    assert linked.about["model_why"].endswith("enough to learn from")
    for name in ("guild.md", "link.html", "link.json"):
        assert linked.about["model_why"] in (tmp_path / "out" / name).read_text(encoding="utf-8")
    assert len(likely) > 50
    assert (likely["match_probability"] >= 0.9).all()
    rates = linked.quality.query("subject == 'school' and group == 'all'").set_index("statistic")["estimate"]
    # names of four and six letters and a day in 5,000: two people alike in all but one slip are rarer than one in 1,000
    assert rates["recall"] > 0.97
    assert rates["precision"] > 0.99


# A configuration to start from


def test_a_suggested_configuration_links_once_it_is_completed(lists: Any) -> None:
    lists.config.unlink()
    lists.change(
        "school.csv", "given,family,gender,birth,post_code", "Given name,FAMILY_NAME,gender,Date of birth,Post code"
    )
    assert suggest_config(lists.files, lists.config) == str(lists.config)
    asked = load_linking_files(lists.config)
    assert asked.link.spine == "clinic"
    assert dict(asked.files["school"].fields) == {
        "forename": "Given name", "surname": "FAMILY_NAME", "sex": "gender", "birth_date": "Date of birth",
        "postcode": "Post code",
    }  # fmt: skip
    assert asked.files["school"].date_format == "%d/%m/%Y"
    assert asked.files["clinic"].id == "record"
    assert '# "1" = "F"' in lists.config.read_text(encoding="utf-8")
    assert link_files(lists.files, config=lists.config).links_table.num_rows >= 3


def test_what_no_heading_says_has_to_be_filled_in(lists: Any) -> None:
    lists.change("clinic.csv", "c2,", "c1,")
    lists.change("clinic.csv", "p2", "p1")
    text = suggest_config(lists.files)
    assert 'id = ""  # which column holds the record\'s id?' in text
    lists.config.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"\[files\.clinic\] id: '' cannot be used"):
        load_linking_files(lists.config)


def test_a_configuration_that_is_there_is_never_written_over(lists: Any) -> None:
    before = lists.config.read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="is already there; nothing was changed"):
        suggest_config(lists.files, lists.config)
    assert lists.config.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (["04/03/2011", "05/06/2012"], 'date_format = "%d/%m/%Y"  # %m/%d/%Y would read as many: check'),
        (["04/13/2011", "05/16/2012"], 'date_format = "%m/%d/%Y"'),
        (["20110304", "20120506"], 'date_format = "%Y%m%d"'),
        (
            ["spring", "autumn"],
            '# date_format = "%d/%m/%Y"  # how the birth dates are written: no usual format reads them',
        ),
    ],
)
def test_a_date_format_is_suggested_with_its_doubt(lists: Any, days: list[str], line: str) -> None:
    rows = "".join(f"s{i},{day}\n" for i, day in enumerate(days))
    (lists.folder / "school.csv").write_text("pupil id,dob\n" + rows, encoding="utf-8")
    assert line in suggest_config(lists.files).splitlines()
