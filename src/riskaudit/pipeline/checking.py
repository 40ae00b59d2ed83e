"""Look at the installation: versions, extras, and anything that would get in the way."""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from riskaudit import __version__

__all__ = ["Check", "doctor"]

# extra -> the module whose presence shows that it is installed
_EXTRAS = {"skops": "skops", "spss": "pyreadstat"}


@dataclass(frozen=True)
class Check:
    """One thing looked at. `ok` is None where nothing is wrong but something optional is absent."""

    name: str
    found: str
    ok: bool | None
    advice: str = ""


def doctor() -> tuple[Check, ...]:
    """Return what is installed and what is wrong, without loading any heavy library."""
    return (
        Check("riskaudit", __version__, True),
        Check("Python", platform.python_version(), sys.version_info >= (3, 11), "riskaudit needs Python 3.11 or newer"),
        *_libraries(),
        *_extras(),
        _folder_for_temporary_files(),
        _text_encoding(),
    )


def _libraries() -> Iterator[Check]:
    for requirement in metadata.requires("riskaudit") or ():
        name, wanted = _parted(requirement)
        if "extra ==" in requirement:
            continue
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Check(name, "not installed", False, f'python -m pip install "{name}{wanted}"')
            continue
        fits = all(_fits(found, bound) for bound in wanted.split(",") if bound)
        yield Check(name, found, fits, "" if fits else f'needs {wanted}: python -m pip install "{name}{wanted}"')


def _extras() -> Iterator[Check]:
    for extra, module in _EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        advice = "" if there else f'optional: python -m pip install "riskaudit[{extra}]"'
        yield Check(f"extra [{extra}]", "installed" if there else "not installed", True if there else None, advice)


def _folder_for_temporary_files() -> Check:
    try:
        with tempfile.TemporaryFile():
            return Check("temporary files", "can be written", True)
    except OSError as error:
        return Check(
            "temporary files", f"cannot be written ({error})", False, "set TMPDIR to a folder you can write to"
        )


def _text_encoding() -> Check:
    encoding = (sys.stdout.encoding or "unknown").lower()
    good = encoding.replace("-", "") == "utf8"
    return Check(
        "terminal text", encoding, True if good else None, "" if good else "set PYTHONUTF8=1 to see every character"
    )


def _parted(requirement: str) -> tuple[str, str]:
    """Return the name and the version bounds of a requirement such as 'numpy>=2'."""
    name, bounds = re.match(r"([\w.-]+)\s*\(?([^;)]*)", requirement.partition(";")[0]).groups()  # type: ignore[union-attr]
    return name, bounds.replace(" ", "")


def _fits(found: str, bound: str) -> bool:
    """Return whether a version is inside a bound such as '>=2.2' or '<3'; other bounds are not judged."""
    operator, number = re.match(r"([<>=!~]+)([\d.]+)", bound).groups()  # type: ignore[union-attr]
    have, want = ([int(part) for part in re.findall(r"\d+", text)[:3]] for text in (found, number))
    size = max(len(have), len(want))
    have, want = (part + [0] * (size - len(part)) for part in (have, want))
    judged = {">=": have >= want, "<": have < want, "==": have == want}
    return judged.get(operator, True)
