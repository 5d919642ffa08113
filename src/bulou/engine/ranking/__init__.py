"""Priority lists: where a document says "first", the line is ordered by the pack's keys, with the reason of each rank.

Keys are compared in their order; who is equal in all of them shares a rank. Who lacks a fact that could move them is
not ranked yet: the ranks they may get are given, and the question to ask.
"""

from bulou.engine.ranking.rank import Place, Ranking, rank
from bulou.engine.ranking.write import as_text, write_ranking

__all__ = ["Place", "Ranking", "as_text", "rank", "write_ranking"]
