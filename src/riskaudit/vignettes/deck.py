"""Make the deck: what varies, which combinations, in which decks, in which words, on which page."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.artefacts import (
    DECK,
    Attribute,
    DesignDiagnostics,
    Explanations,
    FeatureCatalogue,
    Level,
    ModelAudit,
    VignetteDeck,
)
from riskaudit.reading import reading_grade, word_count
from riskaudit.scenario import VignettesSection
from riskaudit.vignettes.attributes import all_attributes, refuse_unmapped
from riskaudit.vignettes.cautions import cautions
from riskaudit.vignettes.efficiency import d_efficiency, max_correlation, within_deck_d_efficiency
from riskaudit.vignettes.page import render_page
from riskaudit.vignettes.search import candidate_set, choose, deal, refuse_too_small
from riskaudit.vignettes.texts import Words, words_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["design"]


def design(
    catalogue: FeatureCatalogue,
    explanations: Explanations,
    audit: ModelAudit,
    asked: VignettesSection,
    *,
    seed: int,
) -> VignetteDeck:
    """Return the deck of vignettes: what varies, the vignettes in their decks, how good the design is, a page to print.

    Two attributes come from the models: the record that counted most (from the explanations' importance table) and how
    often the list is wrong (from the audit). The others are the scenario's. The combinations are a D-efficient choice
    from all of them, for main effects, dealt into decks so that each deck is as balanced as it can be.

    Parameters
    ----------
    catalogue
        The hinge: every record level points at ids in it.
    explanations, audit
        What the models' own outputs say: which records count, how often the list is wrong.
    asked
        The scenario's `[vignettes]` section.
    seed
        The study's seed. Draws: ``vignettes/candidates`` (only above 3,000 combinations), ``vignettes/choose`` and
        ``vignettes/deal`` (one stream a start), ``vignettes/positions``.

    Raises
    ------
    BadInput
        If a level stands for a feature that is not in the catalogue, if fewer than two agencies' records can be named,
        or if the decks are too few or too long for what varies.
    """
    attributes, notes = all_attributes(catalogue, explanations, audit, asked)
    refuse_unmapped(attributes, catalogue)
    sizes = tuple(len(attribute.levels) for attribute in attributes)
    refuse_too_small(sizes, asked.decks, asked.per_deck)
    candidates = candidate_set(sizes, seed=seed)
    chosen = choose(candidates, sizes, asked.decks * asked.per_deck, seed=seed)
    design_rows, decks = deal(candidates[chosen], sizes, asked.decks, seed=seed)
    table = _table(attributes, design_rows, decks, asked)
    diagnostics = _diagnostics(design_rows, sizes, decks, len(candidates), notes, table)
    page = render_page(attributes, table, diagnostics, asked)
    return VignetteDeck(attributes, table, diagnostics, asked.question, asked.scale, page)


def _diagnostics(
    rows: np.ndarray, sizes: tuple[int, ...], decks: np.ndarray, candidates: int, notes: list[str], table: pa.Table
) -> DesignDiagnostics:
    efficiency = d_efficiency(rows, sizes)
    return DesignDiagnostics(
        d_efficiency=efficiency,
        within_deck_d_efficiency=within_deck_d_efficiency(rows, sizes, decks),
        max_correlation=max_correlation(rows, sizes),
        candidates=candidates,
        note=" ".join([*notes, *cautions(table, efficiency)]),
    )


def _table(attributes: tuple[Attribute, ...], rows: np.ndarray, decks: np.ndarray, asked: VignettesSection) -> pa.Table:
    """Return the deck table from level numbers, one row per vignette in deck order."""
    vignettes = [[attribute.levels[at] for attribute, at in zip(attributes, row, strict=True)] for row in rows]
    names = [_pairs(attributes, levels) for levels in vignettes]
    words = [words_of(levels, asked) for levels in vignettes]
    width = max(2, len(str(len(rows))))
    ids = [f"v{number:0{width}d}" for number in range(1, len(rows) + 1)]
    per_deck = len(rows) // asked.decks
    return DECK.build({
        "deck": decks + 1,
        "position": np.tile(np.arange(1, per_deck + 1), asked.decks),
        "vignette_id": ids,
        "levels": names,
        "feature_ids": [_feature_ids(levels) for levels in vignettes],
        "text_web": [one.web for one in words],
        "text_phone": [one.phone for one in words],
        "words": [word_count(one.web) for one in words],
        "grade": [round(reading_grade(one.web), 2) for one in words],
        "hash": [_fingerprint(*one) for one in zip(ids, names, words, strict=True)],
        "made_up": ["SYNTHETIC"] * len(rows),
    })  # fmt: skip


def _pairs(attributes: tuple[Attribute, ...], levels: list[Level]) -> str:
    return ";".join(f"{attribute.id}={level.id}" for attribute, level in zip(attributes, levels, strict=True))


def _feature_ids(levels: list[Level]) -> str:
    return ";".join(dict.fromkeys(feature for level in levels for feature in level.feature_ids))


def _fingerprint(vignette_id: str, levels: str, words: Words) -> str:
    text = "|".join((vignette_id, levels, words.web, words.phone))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
