"""Definitions that go in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def cycles(parts: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Each circle once, as the names along it with the first one again at the end; `parts` names what each reads."""
    seen: set[str] = set()
    for start in parts:
        found = _cycle_from(start, parts, seen)
        seen.update(found)
        if found:
            yield found


def _cycle_from(start: str, parts: Mapping[str, Sequence[str]], seen: set[str]) -> list[str]:
    """The first circle met from `start` by depth-first search; `seen` names are known to lead to none."""
    path: list[str] = []

    def visit(name: str) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in seen:
            return []
        path.append(name)
        for part in parts.get(name, ()):
            if cycle := visit(part):
                return cycle
        path.pop()
        seen.add(name)
        return []

    return visit(start)
