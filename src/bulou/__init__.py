"""Bulou 不漏: who is due what, why, and what is not yet known.

import bulou
bulou.decide("620600", people, on="2025-06-30")
"""

from bulou.engine import decide, decide_document, read_pack

__all__ = ["decide", "decide_document", "read_pack"]
