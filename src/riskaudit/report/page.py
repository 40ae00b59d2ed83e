"""The report as one HTML page: templates filled with data, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from riskaudit.report.chart_table import chart_table, stands_beside
from riskaudit.report.charts import draw
from riskaudit.report.data import Report, Value
from riskaudit.report.shading import shades_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["as_page"]


def as_page(report: Report, tables: Sequence[str]) -> str:
    """Return the report as a page that needs no script, no network and no other file."""
    numbers = {section.id: number for number, section in enumerate(report.sections, start=1)}
    return _environment().get_template("report.html.j2").render(report=report, tables=tables, numbers=numbers)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("riskaudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["place"] = lambda length: f"{length:.1f}".removesuffix(".0")
    environment.tests["number_cell"] = lambda cell: isinstance(cell, Value)
    css = files("riskaudit.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
    environment.globals |= {
        "draw": draw,
        "chart_table": chart_table,
        "css_string": _css_string,
        "stands_beside": stands_beside,
        "shades_of": shades_of,
    }
    environment.globals["css"] = Markup(css)  # noqa: S704  our own file
    return environment


def _css_string(text: str) -> Markup:
    """Return text as a string of a style sheet: whatever is not a plain letter, digit or space is written as its number."""
    from markupsafe import Markup

    return Markup('"' + "".join(_css_letter(one) for one in text) + '"')  # noqa: S704  nothing but escapes is left


def _css_letter(letter: str) -> str:
    plain = letter.isascii() and (letter.isalnum() or letter == " ")
    return letter if plain else f"\\{ord(letter):x} "
