"""The same need in several regions side by side: what each asks for, gives and leaves open, and how they differ."""

from bulou.engine.comparison.needs import Comparison, Need, compare
from bulou.engine.comparison.page import write_page

__all__ = ["Comparison", "Need", "compare", "write_page"]
