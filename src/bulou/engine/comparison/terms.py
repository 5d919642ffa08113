"""What one region says about one programme on a day: standing, ages, amount, conditions, in words and comparable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulou.engine.basics.money import yuan_text
from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import Node, evaluate, facts_in
from bulou.engine.language import nodes as n
from bulou.engine.language.nodes import Value
from bulou.engine.language.simplify import put_in
from bulou.engine.pack import ActiveCondition, ActiveProgramme, Pack, Policy, Programme, fen_of
from bulou.engine.pack.wording import PERIOD_WORDS

OLDEST = 120
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
SET_BY = {"locality": "当地"}
STANDINGS = {"plan_in_force": "draft", "switched_on": "off"}
FORCES = {"must": "应当办", "may": "可以办", "explore": "探索办"}


Ages = tuple[frozenset[int], frozenset[int]]
"""Completed years for whom the age conditions hold, and those left to a value nobody has set."""


@dataclass(frozen=True)
class Asked:
    """A condition that can be compared: `key` is its test, so that equal tests in other words are the same."""

    key: tuple[Node, bool]
    says: str
    cite: str


@dataclass(frozen=True)
class Terms:
    """One region's programme on a day.

    `ages` are the completed years for whom the age conditions hold, and `open_ages` those left to a local value
    (None: no age is asked for). `fen` are the amounts by what they depend on (one without a name: for everybody).
    `origin` says whose words these are: the region's own, the nation's (cn), or the nation's because a draft is not
    in force (draft). `standing` is in_force, off (nobody has switched an optional programme on) or draft (written and
    not in force).
    """

    title: str
    standing: str
    force: str
    ages: Ages | None
    fen: tuple[tuple[str, int | None], ...]
    at_least: bool
    pays: str
    amount_words: str
    conditions: tuple[Asked, ...]
    lasts: str
    cite: str
    origin: str

    @property
    def ages_words(self) -> str:
        return ages_in_words(*self.ages) if self.ages else ""


def terms_of(pack: Pack, policy: Policy, name: str) -> Terms | None:
    """The terms of a programme under a policy; None when there is none on that day."""
    active = next((one for one in policy.programmes if one.name == name), None)
    if active is None:
        return None
    written = pack.programmes[name]
    conditions = [c for c in active.conditions if c.id not in ("switched_on", "plan_in_force") and not c.rivalry]
    fen, words = _amount(active, policy)
    return Terms(
        title=active.title,
        standing=_standing(active),
        force=written.force,
        ages=_ages(conditions, policy, active.subject),
        fen=fen,
        at_least=active.amount_is_floor,
        pays=active.pays,
        amount_words=words,
        conditions=tuple(_asked(condition) for condition in conditions if not _age_only(condition)),
        lasts=written.lasts_months,
        cite=active.cite,
        origin="draft" if written.draft and not active.draft else "cn" if _is_inherited(written, pack) else "own",
    )


def _is_inherited(programme: Programme, pack: Pack) -> bool:
    return programme.origin.file.split("/")[0] != pack.region


def _standing(active: ActiveProgramme) -> str:
    for condition in active.conditions:
        switched = isinstance(condition.holds, n.Literal) and condition.holds.value is True
        if condition.id in STANDINGS and not switched:
            return STANDINGS[condition.id]
    return "in_force"


def _asked(condition: ActiveCondition) -> Asked:
    excludes = condition.says.startswith("没有以下情形：")
    return Asked((condition.test, excludes), condition.says, condition.cite)


def _age_only(condition: ActiveCondition) -> bool:
    read = [name for name in facts_in(condition.test) if not name.startswith("region.")]
    return read == ["person.age"]


def _ages(conditions: Iterable[ActiveCondition], policy: Policy, kind: str) -> Ages | None:
    """Ages for whom all pure age conditions hold, and for whom they wait for a value nobody has set."""
    tests = [condition.holds for condition in conditions if _age_only(condition)]
    if not tests:
        return None
    found: dict[Value, set[int]] = {True: set(), False: set(), None: set()}
    for age in range(OLDEST + 1):
        person = Subject(policy, kind, "?", {"person.age": age})
        held = [evaluate(test, person) for test in tests]
        found[False if False in held else None if None in held else True].add(age)
    return frozenset(found[True]), frozenset(found[None])


def ages_in_words(ages: frozenset[int], left_open: frozenset[int]) -> str:
    """0至6岁，7至17岁看当地放不放宽."""
    sure = "、".join(_span(low, high) for low, high in _runs(ages))
    maybe = "、".join(_span(low, high) for low, high in _runs(left_open))
    parts = [sure or "年龄没有定", f"{maybe}看当地怎么定" if maybe and sure else ""]
    return "，".join(part for part in parts if part)


def _runs(ages: Iterable[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(ages)
    start = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or ordered[at] != ordered[at - 1] + 1:
            yield ordered[start], ordered[at - 1]
            start = at


def _span(low: int, high: int) -> str:
    if high == OLDEST:
        return f"{low}岁起" if low else "各年龄"
    return f"{low}岁" if low == high else f"{low}至{high}岁"


def _amount(active: ActiveProgramme, policy: Policy) -> tuple[tuple[tuple[str, int | None], ...], str]:
    """Amounts by grade where they hang on the grade, one where they do not; words for everything else."""
    if active.amount is None:
        who = SET_BY.get(active.amount_set_by, active.amount_set_by)
        return (), f"金额由{who}定，文件没有写" if active.amount_set_by else ""
    base = _base_facts(put_in(active.amount, policy.constants), policy)
    if base and base != {"person.grade"}:
        labels = "、".join(policy.facts[name].label for name in sorted(base) if name in policy.facts)
        return (), f"按{labels}算"
    if not base:
        return (("", _fen(active, policy, {})),), ""
    graded = [(f"{grade}级", _fen(active, policy, {"person.grade": grade})) for grade in range(1, 5)]
    return tuple(_merged(graded)), ""


def _base_facts(node: Node, policy: Policy) -> set[str]:
    """The facts behind an expression that nothing defines, or only from a number of a document."""
    found: set[str] = set()
    for name in facts_in(node):
        definition = policy.definitions.get(name)
        deeper = _base_facts(definition, policy) if definition is not None and name != "person.grade" else set()
        found |= deeper or ({name} if name not in policy.constants else set())
    return found


def _fen(active: ActiveProgramme, policy: Policy, given: dict[str, Value]) -> int | None:
    subject = Subject(policy, active.subject, "?", given)
    assert active.amount is not None
    return fen_of(evaluate(active.amount, subject))


def _merged(graded: list[tuple[str, int | None]]) -> Iterator[tuple[str, int | None]]:
    """Grades next to each other with one amount as one: 1、2级."""
    at = 0
    while at < len(graded):
        end = at
        while end + 1 < len(graded) and graded[end + 1][1] == graded[at][1]:
            end += 1
        names = "、".join(name.removesuffix("级") for name, _ in graded[at : end + 1])
        yield ("" if (at, end) == (0, len(graded) - 1) else f"{names}级"), graded[at][1]
        at = end + 1


def amount_in_words(terms: Terms) -> str:
    """每月100.00元; 每月1、2级120.00元，3、4级还没有定."""
    if not terms.fen:
        return terms.amount_words
    if all(fen is None for _, fen in terms.fen):
        return "金额还没有定"
    shown = [f"{name}{'还没有定' if fen is None else yuan_text(fen) + '元'}" for name, fen in terms.fen]
    return f"{PERIOD_WORDS.get(terms.pays, '')}{'至少' if terms.at_least else ''}{'，'.join(shown)}"


def numbered(says: Sequence[str]) -> str:
    """Several conditions as ①…②…, one as it is."""
    if len(says) < 2:
        return "".join(says)
    return "　".join(f"{NUMBERS[at] if at < len(NUMBERS) else f'({at + 1})'}{words}" for at, words in enumerate(says))


def by_grade(terms: Terms) -> dict[str, int | None]:
    """The amount for each grade; an amount for everybody is that of each grade."""
    found = {}
    for names, fen in terms.fen:
        for grade in names.removesuffix("级").split("、") if names else "1234":
            found[f"{grade}级"] = fen
    return found
