from __future__ import annotations

import subprocess
import sys

from riskaudit.population import ERROR_NAMES, POOL_NAMES
from riskaudit.population.conventions import CONVENTIONS
from riskaudit.population.recording import RECORDING_ERRORS
from riskaudit.scenario.ethnic_groups import default_groups


def test_every_error_name_has_one_row_in_the_table_of_recording_errors():
    assert sorted(error.name.value for error in RECORDING_ERRORS) == sorted(ERROR_NAMES)


def test_every_pool_name_has_one_convention():
    assert [convention.pool.value for convention in CONVENTIONS] == list(POOL_NAMES)


def test_the_default_groups_name_only_pools_that_exist():
    assert {pool for group in default_groups().values() for pool in group.naming} <= set(POOL_NAMES)


def test_reading_the_names_loads_no_heavy_library():
    code = (
        "import sys; from riskaudit.population import ERROR_NAMES;"
        "print(sorted({'numpy', 'faker', 'pyarrow', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
