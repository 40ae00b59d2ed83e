"""in: a function without side effects, and the items to call it with.

out: its results in the order of the items, wherever each was worked out.
"""

from riskaudit.engines.choosing import choose_engine
from riskaudit.engines.engine import Engine, SerialEngine
from riskaudit.engines.processes import ProcessEngine
from riskaudit.engines.tables import Tables

__all__ = ["Engine", "ProcessEngine", "SerialEngine", "Tables", "choose_engine"]
