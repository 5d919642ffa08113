"""What a pack says with a cite beside it, and the figures that must stand in the clause it cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import Node, Scope, facts_in, parse, walk
from bulou.engine.language import nodes as n
from bulou.engine.pack import model as m
from bulou.engine.pack.cites import parse_cite
from bulou.engine.plan.quantities import Kind, kind_of_unit, quantities

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Wanted:
    """A figure that a rule uses. `written` is where the pack uses it.

    With `existence` it only says that there is one or none (at least one shop): a clause need not print it, unless
    it prints another figure of the same `unit`.
    """

    kind: Kind
    value: Decimal
    written: str
    unit: str = ""
    existence: bool = False


@dataclass(frozen=True)
class Mention:
    """One cite of a pack: what stands beside it, the figures it uses and the words in which it speaks."""

    sort: str
    name: str
    cite: str
    place: Place
    wants: tuple[Wanted, ...] = ()
    words: str = ""

    @property
    def thing(self) -> str:
        return f"{self.sort} {self.name}"

    def clauses_in(self, document: str) -> tuple[str, ...]:
        """The clauses of one document that the cite names."""
        return tuple(clause for named, clause in parse_cite(self.cite) if named == document)


def mentions_of(pack: m.Pack) -> list[Mention]:
    """Every cite of the pack with what it inherits, in the order of files and lines."""
    found = chain(
        _of_programmes(pack),
        _of_parameters(pack),
        _of_duties(pack),
        _of_priorities(pack),
        _of_facts(pack),
        _of_indicators(pack),
        _of_rest(pack),
    )
    return sorted(found, key=lambda mention: (mention.place.file, mention.place.line or 0))


def _of_programmes(pack: m.Pack) -> Iterator[Mention]:
    for programme in pack.programmes.values():
        lasts = _in_words("months", programme.lasts_months, "lasts_months")
        words = f"{programme.title} {programme.note}"
        yield Mention("programme", programme.name, programme.cite, programme.origin, lasts, words)
        for rule in programme.amounts:
            wants = _in_expression(pack, rule.expression, programme.subject, rule.origin)
            yield Mention("amount", programme.name, rule.cite or programme.cite, rule.origin, wants)
        for condition in programme.conditions:
            wants = _in_expression(pack, condition.test, programme.subject, condition.origin)
            said = _said(condition.says, wants)
            name = f"{programme.name}.{condition.id}"
            yield Mention("condition", name, condition.cite, condition.origin, (*wants, *said), condition.says)


def _of_parameters(pack: m.Pack) -> Iterator[Mention]:
    for parameter in pack.parameters.values():
        for value in parameter.values:
            wants: tuple[Wanted, ...] = ()
            if isinstance(value.value, Decimal):
                kind = _kind_of_fact(parameter.name, pack.facts.get(parameter.name), parameter.unit)
                wants = (Wanted(kind, value.value, f"value = {value.value}"),)
            yield Mention("value", parameter.name.removeprefix("region."), value.cite, value.origin, wants)


def _of_duties(pack: m.Pack) -> Iterator[Mention]:
    for duty in pack.duties.values():
        texts = [text for text in (duty.applies, duty.test) if text]
        wants = tuple(want for text in texts for want in _in_expression(pack, text, duty.subject, duty.origin))
        words = f"{duty.title} {duty.says} {duty.not_computable}"
        yield Mention(duty.kind, duty.name, duty.cite, duty.origin, (*wants, *_said(duty.says, wants)), words)


def _of_priorities(pack: m.Pack) -> Iterator[Mention]:
    for priority in pack.priorities.values():
        texts = f"{priority.title} {priority.among_says} {priority.no_order}"
        lined = priority.among and _in_expression(pack, priority.among, priority.subject, priority.origin)
        yield Mention("order", priority.name, priority.cite, priority.origin, lined or (), texts)
        for key in priority.keys:
            wants = _in_expression(pack, key.expression, priority.subject, key.origin)
            name = f"{priority.name}.{key.id}"
            yield Mention("key", name, key.cite, key.origin, (*wants, *_said(key.says, wants)), key.says)


def _of_facts(pack: m.Pack) -> Iterator[Mention]:
    for fact in pack.facts.values():
        if fact.cite or fact.derivations:
            texts = [text for derivation in fact.derivations for text in derivation.texts]
            wants = [want for text in texts for want in _in_expression(pack, text, fact.subject, fact.origin, True)]
            yield Mention("fact", fact.name, fact.cite, fact.origin, tuple(dict.fromkeys(wants)), fact.label)


def _of_indicators(pack: m.Pack) -> Iterator[Mention]:
    """Numerators and denominators are the pack's own reading: they need no figure in the document."""
    for indicator in pack.indicators.values():
        wants = _in_expression(pack, indicator.test, "region", indicator.origin) if indicator.test else ()
        target = _decimal(indicator.target.get("value"))
        if target is not None:
            wants = (Wanted(kind_of_unit(indicator.unit), target, f"target {target}", indicator.unit), *wants)
        words = f"{indicator.title} {indicator.not_computable}"
        yield Mention("indicator", indicator.name, indicator.cite, indicator.origin, wants, words)


def _of_rest(pack: m.Pack) -> Iterator[Mention]:
    for group in pack.groups.values():
        yield Mention("group", group.name, group.cite, group.origin, (), group.says)
    for process in pack.processes.values():
        words = f"{process.title} {process.details.get('says', '')}"
        wants = tuple(_in_details(process.details, ""))
        yield Mention("process", process.name, process.cite, process.origin, wants, words)
    for check in pack.checks.values():
        wants = _in_expression(pack, check.test, "person", check.origin)
        yield Mention("check", check.name, check.cite, check.origin, wants, check.title)
    for question in pack.questions.values():
        yield Mention("question", question.name, question.cite, question.origin, (), question.says)


# Figures in expressions


def _in_expression(pack: m.Pack, text: str, subject: str, place: Place, defines: bool = False) -> tuple[Wanted, ...]:
    """The literals of an expression that a document must hold; what cannot be parsed is `pack check`'s business."""
    vocabulary = pack.vocabulary
    tree = parse(text, Scope(subject, vocabulary, defines), place)
    if isinstance(tree, Problem):
        return ()
    found: list[Wanted] = []
    compared: set[int] = set()
    for part in walk(tree):
        if isinstance(part, n.Compare | n.OneOf):
            found += _in_comparison(part, pack)
            compared |= {id(below) for below in walk(part)}
    for part in walk(tree):
        if isinstance(part, n.Literal) and id(part) not in compared:
            found += _in_amount(part, text)
    return tuple(dict.fromkeys(found))


def _in_comparison(part: n.Compare | n.OneOf, pack: m.Pack) -> Iterator[Wanted]:
    names = facts_in(part)
    if not names:
        return
    kinds: list[Kind] = [_kind_of_fact(name, pack.facts.get(name)) for name in names]
    kind: Kind = next((found for found in kinds if found != "count"), "count")
    share = any(_is_hundredfold(below) for below in walk(part))
    for literal in _literals(part):
        if not isinstance(literal.value, Decimal) or (share and literal.value == HUNDRED):
            continue
        if kind == "money" and not literal.value:
            continue
        kind_here: Kind = "percent" if share else kind
        written = _shown(part, literal)
        yield Wanted(kind_here, literal.value, written, "", kind_here == "count" and literal.value <= 1)


def _in_amount(literal: n.Literal, text: str) -> Iterator[Wanted]:
    """A factor below one is a share of something; nought is what is free."""
    if isinstance(literal.value, Decimal) and literal.value:
        share = literal.value < 1
        value = literal.value * HUNDRED if share else literal.value
        yield Wanted("percent" if share else "money", value, text)


def _literals(part: Node) -> Iterator[n.Literal]:
    for below in walk(part):
        if isinstance(below, n.Literal):
            yield below
        if isinstance(below, n.OneOf):
            yield from below.options


def _is_hundredfold(node: Node) -> bool:
    """x * 100: the other side of the comparison is a percentage."""
    if not isinstance(node, n.Arithmetic) or node.operator != "*":
        return False
    return any(isinstance(side, n.Literal) and side.value == HUNDRED for side in (node.left, node.right))


def _shown(part: n.Compare | n.OneOf, literal: n.Literal) -> str:
    names = "、".join(facts_in(part))
    operator = part.operator if isinstance(part, n.Compare) else "IN"
    return f"{names} {operator} {literal.value}"


def _kind_of_fact(name: str, fact: m.FactDefinition | None, unit: str = "") -> Kind:
    """What the numbers of a fact measure, by its type and name."""
    if fact and fact.type.kind == "money":
        return "money"
    last = name.rsplit(".", maxsplit=1)[-1]
    for kind, endings in _ENDINGS.items():
        if last.endswith(endings):
            return kind
    return kind_of_unit(unit) if unit else "count"


_ENDINGS: dict[Kind, tuple[str, ...]] = {
    "age": ("age", "age_min", "age_max"),
    "grade": ("grade", "level"),
    "percent": ("percent", "_rate", "rate_last_year"),
    "months": ("months",),
    "days": ("days",),
}


# Figures in words and details


def _said(says: str, wants: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Figures with a unit that the pack's own words add to those of the expression.

    Counts in Chinese numerals (五个方面, 一户多残) are ways of speaking and left out.
    """
    known = {(want.kind, want.value) for want in wants}
    found = []
    for quantity in quantities(says):
        for value in (quantity.low, quantity.high):
            in_figures = any(character.isdigit() and character.isascii() for character in quantity.printed)
            if not value or not quantity.unit or (quantity.kind == "count" and not in_figures):
                continue
            if (quantity.kind, value) not in known:
                one = quantity.printed[0] in "1一" and quantity.printed[1:] == quantity.unit
                found.append(Wanted(quantity.kind, value, f"“{quantity.printed}”", quantity.unit, one))
    return tuple(dict.fromkeys(found))


def _in_words(kind: Kind, text: str, key: str) -> tuple[Wanted, ...]:
    values = [value for piece in text.split("-") if (value := _decimal(piece.strip())) is not None]
    return tuple(Wanted(kind, value, f'{key} = "{text}"') for value in values)


_LIMITS: dict[str, Kind] = {"days": "days", "months": "months", "month": "months", "year": "months"}


def _in_details(value: Any, key: str) -> Iterator[Wanted]:
    """Whole numbers among a process's details: its time limits."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _in_details(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _in_details(inner, key)
    elif isinstance(value, int) and not isinstance(value, bool):
        limits = [limit for ending, limit in _LIMITS.items() if key.endswith(ending)]
        yield Wanted(limits[0] if limits else "count", Decimal(value), f"{key} = {value}")


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value is not None else None
    except ArithmeticError:
        return None
