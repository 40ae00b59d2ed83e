"""Functions that processes can be given: they must be found by name in a module that a new process can import."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FUNCTIONS = """
import os
import signal
import time

def squared(item):
    return item * item

def slowest_first(item):
    time.sleep(0.2 if item == 0 else 0.0)
    return item

def where(item):
    return os.getpid()

def fail_on_three(item):
    if item == 3:
        raise LookupError("no such thing as three")
    return item

def killed(item):
    os.kill(os.getpid(), signal.SIGKILL)

def slow(item):
    time.sleep(0.05)
    return item
"""


@pytest.fixture
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    (tmp_path / "spread_functions.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import spread_functions

    yield spread_functions
    del sys.modules["spread_functions"]
