"""How a reader says how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Tell"]

Tell: TypeAlias = Callable[[float], None]
"""Called with the share that has been read, 0 to 1."""
