"""Two editions of one plan, clause by clause: what stayed, moved, changed, came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bulou.engine.plan.clauses import Clause, own_clauses
from bulou.engine.plan.model import Plan
from bulou.engine.plan.quantities import quantities

Kind = Literal["same", "moved", "changed", "added", "removed"]
_ALIKE = 0.5
_SAME_PLACE = 0.25


@dataclass(frozen=True)
class Change:
    """One clause in the two editions; `gone` and `come` are the figures that only one of them prints.

    kind: same · moved (same words under another id) · changed (words or figures) · added · removed.
    """

    kind: Kind
    old: Clause | None
    new: Clause | None
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()

    @property
    def renumbered(self) -> bool:
        """Whether the clause stands in both editions under different ids."""
        return bool(self.old and self.new and self.old.id != self.new.id)


def compare_editions(old: Plan, new: Plan) -> list[Change]:
    """Every clause of both editions, in the order of the new one; clauses that went stand at the end."""
    before, after = own_clauses(old), own_clauses(new)
    pairs = _align(before, after)
    old_of = {at: was for was, at in pairs.items()}
    found = [_change(before[old_of[at]] if at in old_of else None, clause) for at, clause in enumerate(after)]
    return [*found, *(_change(clause, None) for at, clause in enumerate(before) if at not in pairs)]


def _change(old: Clause | None, new: Clause | None) -> Change:
    gone, come = _figures(old) - _figures(new), _figures(new) - _figures(old)
    only = tuple(sorted(gone.elements())), tuple(sorted(come.elements()))
    if old is None or new is None:
        return Change("added" if new else "removed", old, new, *only)
    if _words(old) != _words(new):
        return Change("changed", old, new, *only)
    return Change("same" if old.id == new.id else "moved", old, new)


def _figures(clause: Clause | None) -> Counter[str]:
    return Counter(quantity.printed for quantity in quantities(_words(clause))) if clause else Counter()


def _words(clause: Clause) -> str:
    """Text without its number and spaces: a clause that only moved has the same words."""
    text = "".join(clause.text.split())
    return text[text.find(clause.title) :] if clause.title and clause.title in text else text


def _align(before: Sequence[Clause], after: Sequence[Clause]) -> dict[int, int]:
    """Positions in `before` with their counterpart in `after`: same words, then same place, then likest words."""
    grams = [_grams(clause) for clause in before], [_grams(clause) for clause in after]
    pairs: dict[int, int] = {}

    def likeness(was: int, at: int) -> float:
        first, second = grams[0][was], grams[1][at]
        return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0

    def left() -> tuple[list[int], list[int]]:
        taken = set(pairs.values())
        return [i for i in range(len(before)) if i not in pairs], [j for j in range(len(after)) if j not in taken]

    keys: tuple[Callable[[Clause], str], ...] = (lambda c: f"{c.id} {_words(c)}", _words, lambda c: c.id)
    for key in keys:
        free: dict[str, list[int]] = {}
        was, at = left()
        for j in at:
            free.setdefault(key(after[j]), []).append(j)
        for i in was:
            same = free.get(key(before[i]), [])
            if same and likeness(i, same[0]) >= _SAME_PLACE:
                pairs[i] = same.pop(0)
    _pair_likest(*left(), likeness, pairs)
    return pairs


def _pair_likest(
    was: Iterable[int], at: Sequence[int], likeness: Callable[[int, int], float], pairs: dict[int, int]
) -> None:
    ranked = sorted(((likeness(i, j), -abs(i - j), i, j) for i in was for j in at), reverse=True)
    taken: set[int] = set()
    for alike, _, i, j in ranked:
        if alike < _ALIKE:
            break
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)


def _grams(clause: Clause) -> frozenset[str]:
    text = _words(clause)
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
