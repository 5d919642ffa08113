"""A pack against its document: does every clause exist that it cites, and do the figures it uses stand there?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from unicodedata import normalize

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.pack import model as m
from bulou.engine.pack.cites import parse_cite
from bulou.engine.pack.evidence import Checked, Evidence, PlanCheck
from bulou.engine.pack.indicator_rows import row_problems
from bulou.engine.pack.mentions import Mention, Wanted, mentions_of
from bulou.engine.pack.model import is_own
from bulou.engine.pack.unheld import unheld_figures
from bulou.engine.plan.clauses import Clause, clauses_by_id, ids_named
from bulou.engine.plan.model import Plan
from bulou.engine.plan.quantities import Quantity, kind_of_unit, quantities

_DRAFT_MARK = re.compile(r"[（(][^（()）]*(?:征求|意见|草案|稿|试行)[^（()）]*[)）]")
_MARKS = re.compile(r"[\s“”\"'《》〈〉]")

WORDS: dict[tuple[str, int], re.Pattern[str]] = {
    ("grade", 1): re.compile("重度|重残|特重"),
    ("grade", 2): re.compile("重度|重残|特重"),
    ("age", 18): re.compile("儿童|未成年|成年|孤儿"),
    ("months", 12): re.compile("一年|年度|每年|当年"),
    ("percent", 100): re.compile("全部|所有|全覆盖|各级|每|都|均|普遍|全体|应.尽"),
}
"""Words with which documents say a figure without printing it."""


def check_against_plan(pack: m.Pack, plan: Plan, parent: m.Pack | None = None, document: str = "") -> PlanCheck:
    """Compare the pack's cites of `document` (found by its title when empty) with what the document says.

    Figures that `parent` uses too are national: a clause that prints none of that kind need not repeat them.
    Raises `Refused` when the pack does not rest on this document.
    """
    document = document or document_of(pack, plan)
    own = [mention for mention in (*_rule_mentions(pack, document), *mentions_of(pack)) if is_own(mention.place, pack)]
    cited = [mention for mention in own if mention.clauses_in(document)]
    reader = _Reader(plan, document, pack, parent)
    checked = tuple(reader.check(mention, pack) for mention in cited)
    differing, notes = unheld_figures(plan, checked)
    problems = [
        *_head_problems(pack.documents[document], plan),
        *(problem for one in checked for problem in one.problems),
        *differing,
    ]
    elsewhere = sum(1 for mention in own if mention.cite and not mention.clauses_in(document))
    return PlanCheck(pack.region, document, plan, checked, elsewhere, tuple(dict.fromkeys(problems)), tuple(notes))


def document_of(pack: m.Pack, plan: Plan) -> str:
    """The id of the pack's own document that has the plan's title. Raises `Refused` when none has."""
    own = {id: found for id, found in pack.documents.items() if is_own(found.origin, pack)}
    wanted = _bare(plan.facts.title)
    same = [id for id, found in own.items() if _bare(found.title) == wanted]
    if len(same) == 1:
        return same[0]
    known = "；".join(f"{id}《{found.title}》" for id, found in own.items()) or "（没有文件）"
    fix = "换成地区包所依据的文件，或用 --document 指明代号 name the document's id"
    got = f"《{plan.facts.title or '没有读到标题'}》"
    raise Refused([Problem("not-a-document-of-the-pack", Place(plan.file), got, known, fix)])


def _bare(title: str) -> str:
    """A title without quotes, spaces and the mark of a draft: editions of one plan have the same."""
    return _MARKS.sub("", _DRAFT_MARK.sub("", normalize("NFKC", title)))


def _rule_mentions(pack: m.Pack, document: str) -> Iterator[Mention]:
    """Clauses of rules.toml name no document: they are those of the region's plan."""
    for rule in pack.rules.values():
        words = f"{rule.about} {rule.not_computable}"
        cite = "; ".join(part.strip() for part in rule.clause.split(";"))
        yield Mention("rule", rule.id, f"{document} {cite}", rule.origin, (), words)


def _head_problems(document: m.Document, plan: Plan) -> Iterator[Problem]:
    """Number and date in pack.toml against those of the document, where both have them."""
    facts = plan.facts
    pairs = (
        ("document-number-differs", document.number, facts.number or ""),
        ("document-date-differs", _iso(document.issued_on), _iso(facts.issued)),
    )
    for code, ours, printed in pairs:
        if ours and printed and _bare(ours) != _bare(printed):
            yield Problem(code, document.origin, ours, f"{printed}（{plan.file}）", "核对文件后改正 pack.toml")


def _iso(day: object) -> str:
    return str(day) if day else ""


class _Reader:
    """Looks up the cites of a pack in one document."""

    def __init__(self, plan: Plan, document: str, pack: m.Pack, parent: m.Pack | None) -> None:
        self._plan, self._document = plan, document
        self._national = {
            (want.kind, want.value) for mention in (mentions_of(parent) if parent else ()) for want in mention.wants
        }
        self._own = {id for id, found in pack.documents.items() if is_own(found.origin, pack)} - {document}
        self._clauses = clauses_by_id(plan)
        self._quantities: dict[str, list[Quantity]] = {}

    def check(self, mention: Mention, pack: m.Pack) -> Checked:
        named = [id for cited in mention.clauses_in(self._document) for id in ids_named(cited, self._clauses)]
        clauses = tuple(self._clauses[id] for id in named if id in self._clauses)
        problems = [self._missing(mention, id) for id in named if id not in self._clauses]
        if mention.sort == "indicator" and any(clause.row for clause in clauses):
            problems += row_problems(pack.indicators[mention.name], clauses, self._plan.file)
        evidence = tuple(self._evidence(want, clauses, mention) for want in mention.wants) if clauses else ()
        problems += [self._not_found(mention, found, clauses) for found in evidence if found.how == "nowhere"]
        return Checked(mention, clauses, evidence, tuple(problems))

    def _missing(self, mention: Mention, id: str) -> Problem:
        got = f"{mention.thing} 引用 {self._document} {id or '（没有写条款）'}，文件里没有这一条"
        return Problem("clause-missing", mention.place, got, self._nearest(id), "对照文件改正条款号")

    def _nearest(self, id: str) -> str:
        for length in range(len(id) - 1, 0, -1):
            near = [known for known in self._clauses if known.startswith(id[:length])]
            if near:
                return f"{self._plan.file} 里的条款，如 " + "、".join(near[:12])
        return f"{self._plan.file} 里的条款"

    def _not_found(self, mention: Mention, found: Evidence, clauses: Iterable[Clause]) -> Problem:
        wanted = found.wanted
        printed = "；".join(
            f"{clause.id}（{self._plan.file} 第{clause.line}行）印有 {self._printed(clause, wanted) or '没有这类数字'}"
            for clause in clauses
        )
        got = f"{mention.thing} 用到 {shown(wanted)}（{wanted.written}），所引条款里没有这个数"
        fix = "对照原文改正数字或条款号；数字出自别的文件的，引用那份文件"
        return Problem("figure-not-found", mention.place, got, printed, fix)

    def _printed(self, clause: Clause, wanted: Wanted) -> str:
        same = [quantity.printed for quantity in self._of(clause) if quantity.kind == wanted.kind]
        return "、".join(dict.fromkeys(same))

    def _of(self, clause: Clause) -> list[Quantity]:
        """The quantities of a clause; bare numbers of a table row take the unit of the row."""
        if clause.id not in self._quantities:
            found = quantities(clause.text)
            self._quantities[clause.id] = [*found, *_cells(clause)]
        return self._quantities[clause.id]

    def _evidence(self, wanted: Wanted, clauses: tuple[Clause, ...], mention: Mention) -> Evidence:
        for clause in clauses:
            for quantity in self._of(clause):
                if quantity.kind == wanted.kind and quantity.holds(wanted.value):
                    line = clause.body.line_at(quantity.start)
                    return Evidence(wanted, "printed", clause.id, line, quantity.printed)
        word = WORDS.get((wanted.kind, int(wanted.value))) if wanted.value == int(wanted.value) else None
        for clause in clauses:
            if word and (match := word.search(clause.text)):
                return Evidence(wanted, "in-words", clause.id, clause.body.line_at(match.start()), match.group())
        if wanted.existence and not self._prints_other(wanted, clauses):
            return Evidence(wanted, "existence")
        return Evidence(wanted, self._from_outside(wanted, clauses, mention))

    def _from_outside(self, wanted: Wanted, clauses: tuple[Clause, ...], mention: Mention) -> str:
        """How a figure that the clause does not print may still be sound: by the parent pack, or another document."""
        others = {document for document, _ in parse_cite(mention.cite) if document != self._document}
        if others & self._own:
            return "elsewhere"
        if (wanted.kind, wanted.value) in self._national and (others or not self._prints_other(wanted, clauses)):
            return "national"
        return "nowhere"

    def _prints_other(self, wanted: Wanted, clauses: Iterable[Clause]) -> bool:
        """Whether the clauses print figures of the same kind (and unit, for counts)."""
        if wanted.existence and not wanted.unit:
            return False
        return any(
            quantity.kind == wanted.kind and (wanted.kind != "count" or quantity.unit == wanted.unit)
            for clause in clauses
            for quantity in self._of(clause)
        )


def _cells(clause: Clause) -> Iterator[Quantity]:
    row = clause.row
    for value in (row.baseline, row.target) if row else ():
        if row and value and isinstance(value.value, Decimal):
            unit = row.unit or ""
            yield Quantity(kind_of_unit(unit), value.value, value.high, unit, value.printed, 0)


_UNITS: Mapping[str, str] = {
    "age": "岁",
    "grade": "级",
    "percent": "%",
    "money": "元",
    "months": "个月",
    "days": "日",
    "count": "",
}


def shown(wanted: Wanted) -> str:
    """A wanted figure in words."""
    return f"{_number(wanted.value)}{wanted.unit or _UNITS[wanted.kind]}"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
