"""in: a scenario, a study, or a user's file.

out: a study, an audit, or linked files. The only room that knows the order of the others.
"""

from riskaudit.pipeline.asking import SHIPPED, read_scenario, shipped_scenario
from riskaudit.pipeline.audit_diff import diff_audits, write_diff
from riskaudit.pipeline.audit_output import fault_of_audit_folder, write_audit
from riskaudit.pipeline.auditing import audit_file, judge_audit
from riskaudit.pipeline.causes import find_causes
from riskaudit.pipeline.checking import Check, doctor
from riskaudit.pipeline.demonstration import demo
from riskaudit.pipeline.feedback import simulate_feedback
from riskaudit.pipeline.freshness import StageState, State, status
from riskaudit.pipeline.linkage_pages import compare_linkage, trace_family
from riskaudit.pipeline.linkage_training import TRAINING_FAMILIES, train_linkage_model
from riskaudit.pipeline.linking import link_files
from riskaudit.pipeline.linking_output import write_links
from riskaudit.pipeline.mapping import map_responses
from riskaudit.pipeline.model_files import read_linkage_model
from riskaudit.pipeline.models_pages import compare_models
from riskaudit.pipeline.realism import check_population, check_scenario
from riskaudit.pipeline.releasing import WITHHELD_BELOW, release_copy
from riskaudit.pipeline.running import RunResult, plan, run
from riskaudit.pipeline.shadow_picks import PICKS as SHADOW_PICKS
from riskaudit.pipeline.shadows import shadow
from riskaudit.pipeline.stages import STAGES, Stage
from riskaudit.pipeline.starting import init
from riskaudit.pipeline.suggesting import suggest_config

__all__ = [
    "SHADOW_PICKS",
    "SHIPPED",
    "STAGES",
    "TRAINING_FAMILIES",
    "WITHHELD_BELOW",
    "Check",
    "RunResult",
    "Stage",
    "StageState",
    "State",
    "audit_file",
    "check_population",
    "check_scenario",
    "compare_linkage",
    "compare_models",
    "demo",
    "diff_audits",
    "doctor",
    "fault_of_audit_folder",
    "find_causes",
    "init",
    "judge_audit",
    "link_files",
    "map_responses",
    "plan",
    "read_linkage_model",
    "read_scenario",
    "release_copy",
    "run",
    "shadow",
    "shipped_scenario",
    "simulate_feedback",
    "status",
    "suggest_config",
    "trace_family",
    "train_linkage_model",
    "write_audit",
    "write_diff",
    "write_links",
]
