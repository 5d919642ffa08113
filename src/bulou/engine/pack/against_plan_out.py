"""A pack against its document, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bulou.engine.pack.against_plan import shown
from bulou.engine.pack.evidence import Checked, PlanCheck
from bulou.engine.pack.mentions import Mention
from bulou.engine.pack.touched import EditionCheck, Touched
from bulou.engine.plan.as_json import problem_as_json
from bulou.engine.plan.clauses import Clause
from bulou.engine.plan.editions import Kind

KINDS: dict[Kind, str] = {"moved": "移动", "changed": "改动", "added": "新增", "removed": "删去"}
HOWS = {
    "printed": "印有",
    "in-words": "用字说的",
    "existence": "有即可，不要数字",
    "national": "全国的数",
    "elsewhere": "出自另一份文件，没有核对",
    "nowhere": "没有找到",
}


def summary(check: PlanCheck) -> str:
    """One line of counts."""
    hows = Counter(found.how for one in check.checked for found in one.evidence)
    figures = "、".join(f"{HOWS[how]} {count}" for how, count in sorted(hows.items()))
    return (
        f"{check.region} 对照 {check.document}（{check.plan.file}）：核对 {len(check.checked)} 处引用、"
        f"{sum(hows.values())} 个数字（{figures or '没有数字'}），{check.elsewhere} 处引用别的文件；"
        f"{len(check.problems)} 个问题 problems, {len(check.notes)} 处提示 notes"
    )


def cite_lines(check: PlanCheck) -> Iterator[str]:
    """Every cite with its state and the figures found."""
    for one in check.checked:
        figures = "；".join(
            f"{shown(found.wanted)} {HOWS[found.how]}" + (f" {found.clause} 第{found.line}行" if found.clause else "")
            for found in one.evidence
        )
        mark, mention = "✘" if one.problems else "✔", one.mention
        yield f"{mark} {mention.place} {mention.thing} [{mention.cite}] {figures}".rstrip()


def edition_lines(editions: EditionCheck) -> Iterator[str]:
    """Every differing clause with the figures that went and came, and what it touches."""
    counts = Counter(one.change.kind for one in editions.touched)
    told = "、".join(f"{KINDS[kind]} {counts[kind]}" for kind in KINDS if counts[kind])
    follows = {"old": "旧稿", "new": "新稿"}[editions.written_from]
    told = f"相同 {editions.same} 条" + (f"，{told}" if told else "")
    yield f"与 {editions.old.file} 相比：{told}；地区包的条款号按{follows}看"
    for one in editions.touched:
        change = one.change
        numbers = " → ".join(clause.id for clause in (change.old, change.new) if clause)
        if change.old and change.new and not change.renumbered:
            numbers = change.new.id
        figures = " ".join([*(f"−{figure}" for figure in change.gone), *(f"＋{figure}" for figure in change.come)])
        clause = change.new or change.old
        yield f"{KINDS[change.kind]} {numbers} 第{clause.line if clause else ''}行 {figures}{_touching(one)}"


def _touching(one: Touched) -> str:
    """Rules and what uses a changed figure by name; the conditions of a programme are counted with it."""
    using = _names(one.using)
    rules = [mention.name for mention in one.mentions if mention.sort == "rule"]
    others = [name for name in _names(one.mentions) if name not in using]
    parts = (("用到改动的数", using), ("规则", rules), ("引用这一条的还有", others))
    return "".join(f"\n  {label}：{'、'.join(names)}" for label, names in parts if names)


def _names(mentions: Iterable[Mention]) -> list[str]:
    """What the mentions belong to, each once; rules apart."""
    inner = ("condition", "amount")
    names = (
        f"programme {mention.name.partition('.')[0]}" if mention.sort in inner else mention.thing
        for mention in mentions
        if mention.sort != "rule"
    )
    return list(dict.fromkeys(names))


def check_as_json(check: PlanCheck, editions: EditionCheck | None) -> dict[str, Any]:
    """The whole check as JSON values."""
    read: dict[str, Any] = {
        "pack": check.region,
        "document": check.document,
        "file": check.plan.file,
        "cites": [_cite(one) for one in check.checked],
        "cites_of_other_documents": check.elsewhere,
        "problems": [problem_as_json(problem) for problem in check.problems],
        "notes": [problem_as_json(problem) for problem in check.notes],
    }
    if editions:
        read["problems"] += [problem_as_json(problem) for problem in editions.problems]
        read["against"] = {
            "file": editions.old.file,
            "written_from": editions.written_from,
            "same": editions.same,
            "changes": [_change(one) for one in editions.touched],
        }
    return read


def _cite(one: Checked) -> dict[str, Any]:
    mention = one.mention
    return {
        "kind": mention.sort,
        "name": mention.name,
        "cite": mention.cite,
        "file": mention.place.file,
        "line": mention.place.line,
        "state": "ok" if not one.problems else one.problems[0].code,
        "clauses": [{"id": clause.id, "line": clause.line} for clause in one.clauses],
        "figures": [
            {
                "looked_for": shown(found.wanted),
                "used_in": found.wanted.written,
                "found": found.how,
                "clause": found.clause or None,
                "line": found.line,
                "printed": found.printed or None,
            }
            for found in one.evidence
        ],
    }


def _change(one: Touched) -> dict[str, Any]:
    change = one.change
    return {
        "kind": change.kind,
        "old": _place(change.old),
        "new": _place(change.new),
        "figures_gone": list(change.gone),
        "figures_come": list(change.come),
        "touches": list(dict.fromkeys(mention.thing for mention in one.mentions)),
        "using_changed_figures": list(dict.fromkeys(mention.thing for mention in one.using)),
    }


def _place(clause: Clause | None) -> dict[str, Any] | None:
    return {"id": clause.id, "title": clause.title, "line": clause.line} if clause else None
