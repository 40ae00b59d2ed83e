"""in: artefacts, or a folder that a run left.

out: files, or artefacts. The only room that reads or writes a study.
"""

from riskaudit.study.files import safe_csv, write_atomically
from riskaudit.study.folder import Study
from riskaudit.study.lock import locked
from riskaudit.study.manifest import Manifest

__all__ = ["Manifest", "Study", "locked", "safe_csv", "write_atomically"]
