"""The whole chain on a tiny scenario, with SIMULATED respondents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskaudit.pipeline.asking import shipped_scenario
from riskaudit.pipeline.mapping import map_responses
from riskaudit.pipeline.running import Progress, RunResult, run
from riskaudit.study import write_atomically

__all__ = ["demo"]

_RESPONDENTS = 240


def demo(out: str | Path = "out/demo", *, seed: int | None = None, on_progress: Progress | None = None) -> RunResult:
    """Run `tiny.toml` from families to vignettes, have SIMULATED respondents answer, and map their answers to features.

    The answers are made up by a stated rule and say nothing about what parents think. The file of answers is left beside
    the study's stages as an example of what `riskaudit map` reads.
    """
    from riskaudit.responses import simulate

    ran = run(shipped_scenario("tiny"), out, seed=seed, on_progress=on_progress)
    answers = ran.study.folder / "SIMULATED_answers.csv"
    write_atomically(answers, simulate(ran.study.deck, respondents=_RESPONDENTS, seed=ran.study.seed).encode())
    mapped = map_responses(ran.study.folder, answers, groups=("lone_parent",), on_progress=on_progress)
    return replace(mapped, made=(*ran.made, *mapped.made))
