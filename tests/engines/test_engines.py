"""Every engine gives the same results in the same order; only where and how fast differs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from riskaudit.engines import Engine, ProcessEngine, SerialEngine, Tables, choose_engine
from riskaudit.engines.choosing import START_UP
from riskaudit.errors import RiskauditError

ENGINES = [SerialEngine(), ProcessEngine(1), ProcessEngine(2)]
posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals and process groups")


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_results_come_in_the_order_of_the_items(engine: Engine, functions: Any) -> None:
    shares: list[float] = []
    assert list(engine.map(functions.slowest_first, range(20), progress=shares.append)) == list(range(20))
    assert shares == pytest.approx([(done + 1) / 20 for done in range(20)])


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_an_exception_surfaces_as_itself_and_what_came_before_is_kept(engine: Engine, functions: Any) -> None:
    results = engine.map(functions.fail_on_three, range(50))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(LookupError, match="no such thing as three"):
        next(results)


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_no_items_give_no_results(engine: Engine, functions: Any) -> None:
    assert list(engine.map(functions.squared, [])) == []


def test_work_is_done_elsewhere_and_by_no_more_processes_than_asked_for(functions: Any) -> None:
    used = set(ProcessEngine(2).map(functions.where, range(30)))
    assert os.getpid() not in used
    assert 1 <= len(used) <= 2
    assert set(SerialEngine().map(functions.where, range(3))) == {os.getpid()}


@posix
def test_a_killed_process_is_said_in_words(functions: Any) -> None:
    with pytest.raises(RiskauditError, match=r"a worker process was killed.*--workers 1"):
        list(ProcessEngine(1).map(functions.killed, [1]))


def test_tables_travel_as_they_are() -> None:
    words = pa.array(["a", None, "b", "a"]).dictionary_encode()
    schema = pa.schema([pa.field("word", words.type, metadata={"meaning": "a word"})], {"grain": "one row"})
    sent = Tables({"b": pa.table([words], schema=schema), "a": pa.table({"x": [1, 2]}).slice(1)})
    rebuild, arguments = sent.__reduce__()
    arrived = rebuild(*arguments)  # type: ignore[operator]
    assert list(arrived) == ["b", "a"]
    assert all(arrived[name].equals(sent[name], check_metadata=True) for name in sent)
    assert len(arrived) == 2


def test_processes_are_started_only_where_they_save_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_engine(START_UP, 2) == SerialEngine()
    assert choose_engine(100.0, 2) == ProcessEngine(2)
    assert choose_engine(100.0, 1) == SerialEngine()
    assert choose_engine(2 * START_UP + 0.01, 2) == ProcessEngine(2)
    monkeypatch.setattr("riskaudit.engines.choosing._cores", lambda: 64)
    assert choose_engine(100.0) == ProcessEngine(8)
    monkeypatch.setattr("riskaudit.engines.choosing._cores", lambda: 1)
    assert choose_engine(100.0) == SerialEngine()


# A script as a researcher writes one: nothing guards it from being run again by a process that it starts.
UNGUARDED = """
import sys
sys.path.insert(0, {folder!r})
import spread_functions
from riskaudit.engines import ProcessEngine
print("started", flush=True)
for result in ProcessEngine(2).map(spread_functions.slow, range({items})):
    print(result, flush=True)
"""


def script(functions: Any, items: int) -> Path:
    folder = Path(functions.__file__).parent
    path = folder / "script.py"
    path.write_text(UNGUARDED.format(folder=str(folder), items=items), encoding="utf-8")
    return path


def test_a_script_without_a_guard_runs_once(functions: Any) -> None:
    done = subprocess.run([sys.executable, script(functions, 3)], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.split() == ["started", "0", "1", "2"]


@posix
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_no_process_outlives_the_one_that_started_it(functions: Any, blow: signal.Signals) -> None:
    command = [sys.executable, script(functions, 10_000)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    assert [running.stdout.readline() for _ in range(3)] == ["started\n", "0\n", "1\n"]
    if blow is signal.SIGINT:
        os.killpg(running.pid, blow)  # as a terminal does: every process of the group is told
    else:
        running.kill()
    _, said = running.communicate(timeout=20)  # ends when nobody holds the pipes any more
    assert running.returncode != 0
    # the script's own traceback, and none of a worker
    assert said.count("Traceback") == (1 if blow is signal.SIGINT else 0), said
    deadline = time.monotonic() + 10
    while _group_is_there(running.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _group_is_there(running.pid)


def _group_is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
