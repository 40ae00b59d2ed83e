"""Read a file of answers: check everything in it against the deck, then make it an artefact."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from riskaudit.artefacts import RESPONSES, Provenance, Responses, VignetteDeck
from riskaudit.errors import BadInput, Fault
from riskaudit.incoming import missing_columns, read_table
from riskaudit.responses.answers import NOT_RECORDED
from riskaudit.responses.checking import faults_in
from riskaudit.responses.rules import rating_on

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnswerColumns", "read_responses"]


@dataclass(frozen=True)
class AnswerColumns:
    """What the columns of a file of answers are called."""

    respondent: str = "respondent_id"
    """Who answered: a pseudonym."""
    vignette: str = "vignette_id"
    """Which vignette, by its id in the deck."""
    rating: str = "rating"
    """The answer: a whole number, 1 the lowest point of the scale, or the scale's own words. Empty: not answered."""
    weight: str | None = None
    """The survey weight. None: the column `weight` where there is one, otherwise every weight is 1."""
    groups: tuple[str, ...] = ()
    """Characteristics of the respondent that estimates are split by."""


def read_responses(path: Path, deck: VignetteDeck, columns: AnswerColumns) -> Responses:
    """Return the answers in a file, one row per respondent and vignette, in file order.

    Rows without a rating (item non-response) are checked and left out; the file itself is kept whole in `raw`. Deck and
    position always come from the deck. An optional column `text_hash` must agree with the deck's; an optional column
    `provenance` says SIMULATED in every row or in none. A group value that is not given becomes "not recorded".

    Raises
    ------
    BadInput
        With every fault in the file at once, each with its row numbers as a spreadsheet shows them.
    MissingExtra
        If the file is SPSS and the extra `spss` is not installed.
    """
    given = read_table(path)
    _require_columns(path, given, columns)
    table = _in_our_words(given, columns)
    faults = faults_in(path, table, deck, columns.groups)
    if faults:
        raise BadInput(faults)
    source = path.read_bytes()
    sha = hashlib.sha256(source).hexdigest()
    table["rating"] = rating_on(deck.scale, table["rating"])
    answered = table[table["rating"].notna()]
    return Responses(
        _answers(answered, deck, sha),
        _groups(answered, columns.groups),
        _provenance(table),
        # .txt: kept word for word, so not to be opened by a spreadsheet, which would run a cell that looks like a formula
        {f"{sha[:12]}-{path.name}.txt": _raw_text(path, source, given)},
    )


def _require_columns(path: Path, given: pd.DataFrame, columns: AnswerColumns) -> None:
    named = [columns.respondent, columns.vignette, columns.rating, *([columns.weight] if columns.weight else [])]
    faults = missing_columns(path, given, [*named, *columns.groups])
    taken = {*RESPONSES.names, *named}
    faults += [
        Fault(str(path), f"'{group}' cannot be a group", "a characteristic of the respondent, named once")
        for at, group in enumerate(columns.groups)
        if group in taken or group in columns.groups[:at]
    ]
    if faults:
        raise BadInput(faults)


def _in_our_words(given: pd.DataFrame, columns: AnswerColumns) -> pd.DataFrame:
    """Return the columns that matter under the names of RESPONSES, as stripped text; the index is the spreadsheet row."""
    import pandas as pd

    weight = columns.weight or ("weight" if "weight" in given else None)
    named = {
        "respondent_id": columns.respondent,
        "vignette_id": columns.vignette,
        "rating": columns.rating,
        **({"weight": weight} if weight else {}),
        **{name: name for name in ("text_hash", "provenance") if name in given},
        **{group: group for group in columns.groups},
    }
    table = pd.DataFrame({ours: _as_text(given[theirs]) for ours, theirs in named.items()})
    table.index = pd.RangeIndex(2, 2 + len(table))
    return table[given.notna().any(axis=1).to_numpy()].copy()


def _as_text(column: pd.Series) -> pd.Series:
    """Return cells as stripped text, empty ones as missing; a whole number has no decimals (Excel: 101.0 is 101)."""
    import pandas as pd

    if pd.api.types.is_float_dtype(column):
        return column.map(_number_as_text, na_action="ignore").astype("string")
    text = column.astype("string").str.strip()
    return text.mask(text == "")


def _number_as_text(cell: float) -> str:
    return f"{cell:.0f}" if float(cell).is_integer() else repr(float(cell))


def _answers(answered: pd.DataFrame, deck: VignetteDeck, sha: str) -> pa.Table:
    designed = deck.frame().set_index("vignette_id").loc[answered["vignette_id"]]
    return RESPONSES.build(
        {
            "respondent_id": answered["respondent_id"].tolist(),
            "deck": designed["deck"].to_numpy(),
            "position": designed["position"].to_numpy(),
            "vignette_id": answered["vignette_id"].tolist(),
            "text_hash": designed["hash"].tolist(),
            "rating": answered["rating"].to_numpy(int),
            "weight": answered["weight"].to_numpy(float) if "weight" in answered else [1.0] * len(answered),
            "provenance": [_provenance(answered).value] * len(answered),
            "source_hash": [sha] * len(answered),
            "source_row": answered.index.to_numpy(),
        }
    )


def _groups(answered: pd.DataFrame, groups: tuple[str, ...]) -> pa.Table:
    return pa.table({group: pa.array(answered[group].fillna(NOT_RECORDED).tolist(), pa.string()) for group in groups})


def _provenance(table: pd.DataFrame) -> Provenance:
    simulated = "provenance" in table and table["provenance"].str.casefold().eq("simulated").any()
    return Provenance.SIMULATED if simulated else Provenance.REAL


def _raw_text(path: Path, source: bytes, given: pd.DataFrame) -> str:
    """Return the file as it came; for a format that is not text, its table as CSV."""
    if path.suffix.lower() in (".csv", ".tsv"):
        return source.decode("utf-8")
    return str(given.to_csv(index=False, lineterminator="\n"))
