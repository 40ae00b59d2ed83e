"""riskaudit: synthetic linked family records, illustrative risk models, and what parents make of them.

>>> import riskaudit as ra
>>> ra.run("scenarios/early_help.toml", out="out/early_help")  # doctest: +SKIP
>>> ra.Study("out/early_help").audit.estimates  # doctest: +SKIP

Importing riskaudit loads nothing heavy: each name below loads its room when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riskaudit.audit import audit_predictions, rate_table
    from riskaudit.errors import BadInput, ExitCode, MissingExtra, RiskauditError
    from riskaudit.pipeline import (
        audit_file,
        check_population,
        check_scenario,
        compare_linkage,
        compare_models,
        demo,
        diff_audits,
        doctor,
        find_causes,
        init,
        judge_audit,
        link_files,
        map_responses,
        read_scenario,
        release_copy,
        run,
        shadow,
        simulate_feedback,
        status,
        suggest_config,
        trace_family,
        train_linkage_model,
        write_audit,
        write_diff,
        write_links,
    )
    from riskaudit.scenario import Policy, Scenario, json_schema, load_policy
    from riskaudit.study import Study

__version__ = "0.1.0"

__all__ = [
    "BadInput",
    "ExitCode",
    "MissingExtra",
    "Policy",
    "RiskauditError",
    "Scenario",
    "Study",
    "__version__",
    "audit_file",
    "audit_predictions",
    "check_population",
    "check_scenario",
    "compare_linkage",
    "compare_models",
    "demo",
    "diff_audits",
    "doctor",
    "find_causes",
    "init",
    "json_schema",
    "judge_audit",
    "link_files",
    "load_policy",
    "map_responses",
    "plan",
    "rate_table",
    "read_scenario",
    "release_copy",
    "run",
    "shadow",
    "simulate_feedback",
    "status",
    "suggest_config",
    "trace_family",
    "train_linkage_model",
    "write_audit",
    "write_diff",
    "write_links",
]

_HOMES = {
    "audit_predictions": "riskaudit.audit",
    "rate_table": "riskaudit.audit",
    "BadInput": "riskaudit.errors",
    "ExitCode": "riskaudit.errors",
    "MissingExtra": "riskaudit.errors",
    "RiskauditError": "riskaudit.errors",
    "Policy": "riskaudit.scenario",
    "Scenario": "riskaudit.scenario",
    "json_schema": "riskaudit.scenario",
    "load_policy": "riskaudit.scenario",
    "Study": "riskaudit.study",
    **dict.fromkeys(
        (
            "audit_file",
            "check_population",
            "check_scenario",
            "compare_linkage",
            "compare_models",
            "demo",
            "diff_audits",
            "doctor",
            "find_causes",
            "init",
            "judge_audit",
            "link_files",
            "map_responses",
            "plan",
            "read_scenario",
            "release_copy",
            "run",
            "shadow",
            "simulate_feedback",
            "status",
            "trace_family",
            "train_linkage_model",
            "suggest_config",
            "write_audit",
            "write_diff",
            "write_links",
        ),
        "riskaudit.pipeline",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'riskaudit' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
