"""The policy book: a pack as a web site for people, every sentence of a rule made from the pack.

In: a `Pack` that passes its checks, and a day. Out: a folder of pages that need neither network nor program. Rules
kept: the same pack and day give the same bytes; words that are not the pack's stand in `phrases`; a page works
without its script.
"""

from bulou.engine.book.write import write_book

__all__ = ["write_book"]
