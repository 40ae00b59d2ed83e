"""A real browser, for the tests that need one; and two record files of somebody's own, made up."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium without a window; the test is skipped, with the reason, where there is none."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-quic"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def comparison_python() -> str:
    """The Python of the libraries that figures are compared with; the test is skipped, with the reason, where there is none."""
    named = os.environ.get("RISKAUDIT_COMPARISON_PYTHON")
    if named:
        return named
    folder = Path(__file__).parents[1] / ".venv-comparison"
    found = next(
        (path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()), None
    )
    if found is None:
        pytest.skip("no libraries to compare with: `make comparison` builds their environment")
    return str(found)


CLINIC = """record,first_name,last_name,sex,dob,postcode,area,person
c1,Ada,Osei,F,2011-03-04,ZZ1 1AA,north,p1
c2,Ben,Osei,M,2013-07-19,ZZ1 1AA,north,p2
c3,Cleo,Marsh,F,2012-01-30,ZZ2 4BB,south,p3
c4,Dev,Patel,M,2010-11-02,ZZ3 9CC,south,p4
c5,Elif,Kaya,F,2014-05-25,ZZ4 7DD,north,p5
"""
# s3 has moved; s4 is misspelt and moved; s5 is nobody at the clinic; s6 has the name and birthday of somebody else
SCHOOL = """pupil,given,family,gender,birth,post_code,person
s1,Ada,Osei,2,04/03/2011,ZZ1 1AA,p1
s2,Ben,Osei,1,19/07/2013,ZZ1 1AA,p2
s3,Cleo,Marsh,2,30/01/2012,ZZ5 5EE,p3
s4,Dev,Patle,1,02/11/2010,ZZ9 9ZZ,p4
s5,Finn,Doyle,1,11/09/2012,,p6
s6,Elif,Kaya,2,25/05/2014,ZZ8 8HH,p7
"""
LINK = """[link]
title = "Clinic and school"
spine = "clinic"

[files.clinic]
file = "clinic.csv"
id = "record"
truth = "person"
groups = ["area"]

[files.clinic.fields]
forename = "first_name"
surname = "last_name"
sex = "sex"
birth_date = "dob"
postcode = "postcode"

[files.school]
file = "school.csv"
id = "pupil"
truth = "person"
date_format = "%d/%m/%Y"

[files.school.fields]
forename = "given"
surname = "family"
sex = "gender"
birth_date = "birth"
postcode = "post_code"

[files.school.sex_values]
1 = "M"
2 = "F"

[linkage]
method = "cascade"
"""


@dataclass(frozen=True)
class Lists:
    """Two record files and their configuration, in a folder of their own."""

    folder: Path

    @property
    def files(self) -> list[Path]:
        return [self.folder / "clinic.csv", self.folder / "school.csv"]

    @property
    def config(self) -> Path:
        return self.folder / "link.toml"

    def change(self, name: str, old: str, new: str) -> None:
        """Change the text of a file, which must hold `old`."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def write_lists() -> Callable[[Path], Lists]:
    """Return a function that writes the two lists and `link.toml` into a folder."""

    def write(folder: Path) -> Lists:
        folder.mkdir(exist_ok=True)
        for name, text in {"clinic.csv": CLINIC, "school.csv": SCHOOL, "link.toml": LINK}.items():
            (folder / name).write_text(text, encoding="utf-8")
        return Lists(folder)

    return write


@pytest.fixture
def lists(tmp_path: Path, write_lists: Callable[[Path], Lists]) -> Lists:
    """The two lists, to be changed by a test."""
    return write_lists(tmp_path / "lists")
