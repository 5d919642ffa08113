"""Bulou 不漏: who is due what, why, and what is not yet known.

import bulou
bulou.decide("620600", people, on="2025-06-30")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulou.engine import decide, decide_document, read_pack

__all__ = ["decide", "decide_document", "read_pack"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bulou import engine

    return getattr(engine, name)
