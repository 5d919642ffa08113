"""Everything wrong with a pack at once, each with its place; notes tell what is open and for whom to settle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import BOOL, Type, facts_in
from bulou.engine.pack import model as m
from bulou.engine.pack.check_facts import fact_problems, overlaps, parameter_problems
from bulou.engine.pack.check_priorities import priority_problems
from bulou.engine.pack.cites import parse_cite
from bulou.engine.pack.coverage import coverage_problems
from bulou.engine.pack.expressions import parsed
from bulou.engine.pack.reach import never_and_always
from bulou.engine.pack.read_programmes import with_all_conditions

MONEY = Type("money", 2)
UNREADABLE = ("toml-syntax", "not-utf-8")


def check_pack(pack: m.Pack) -> list[Problem]:
    """All problems of the pack with what it inherits, in the order of files and lines.

    While a file cannot be read, only that is told: everything that leans on it would look wrong.
    """
    if any(problem.code in UNREADABLE for problem in pack.problems):
        return _in_order(pack.problems)
    found = [
        *pack.problems,
        *fact_problems(pack),
        *parameter_problems(pack),
        *_programme_problems(pack),
        *_group_problems(pack),
        *_duty_problems(pack),
        *priority_problems(pack),
        *_open_questions(pack),
        *_cite_problems(pack),
        *coverage_problems(pack),
    ]
    return _in_order(found)


def _in_order(found: Iterable[Problem]) -> list[Problem]:
    """Each problem once: errors first, then by file and line."""
    return sorted(dict.fromkeys(found), key=lambda p: (p.severity != "error", p.place.file, p.place.line or 0))


def _problem(code: str, place: Place, got: str, expected: str, fix: str) -> Problem:
    return Problem(code, place, got, expected, fix)


def _note(code: str, place: Place, got: str, expected: str, fix: str) -> Problem:
    return Problem(code, place, got, expected, fix, severity="note")


def _programme_problems(pack: m.Pack) -> Iterator[Problem]:
    for programme in pack.programmes.values():
        if not programme.conditions:
            yield _problem("no-conditions", programme.origin, programme.name, "至少一个条件", "写出谁可以享受")
        if programme.force != "must" and not programme.switch:
            got, expected = f"{programme.name} 是 {programme.force}，没有 switch", 'switch = "region.offers_…"'
            fix = "声明一个开关：本地开办以前它不算 optional programmes are off until switched on"
            yield _problem("optional-without-switch", programme.origin, got, expected, fix)
        yield from _amount_problems(programme, pack)
        yield from _condition_problems(programme, pack)
        yield from _relation_problems(programme, pack)


def _amount_problems(programme: m.Programme, pack: m.Pack) -> Iterator[Problem]:
    pays = programme.gives in ("cash", "levy")
    if pays and not programme.amounts and not programme.amount_set_by and programme.pays != "none":
        gradual = 'amount_set_by = "locality" 或 amount'
        yield _problem(
            "amount-unset", programme.origin, f"{programme.name} 发钱却没有金额", gradual, "写金额，或写明由谁定"
        )
    yield from overlaps(f"{programme.name} 的金额", [(rule.period, rule.origin) for rule in programme.amounts])
    for rule in programme.amounts:
        tree = parsed(pack, rule.expression, programme.subject, rule.origin, MONEY)
        if isinstance(tree, Problem):
            yield tree
            continue
        for name in facts_in(tree):
            parameter = pack.parameters.get(name.removeprefix("region."))
            unset = name.startswith("region.") and (parameter is None or not parameter.values)
            if unset and parameter is None and not pack.facts[name].derivations:
                got = f"{programme.name} 的金额要用 {name}，没有人定它"
                yield _problem(
                    "amount-unset",
                    rule.origin,
                    got,
                    f"[{name.removeprefix('region.')}] 值或 set_by",
                    "在 parameters 中列出",
                )


def _condition_problems(programme: m.Programme, pack: m.Pack) -> Iterator[Problem]:
    for condition in with_all_conditions(programme).conditions:
        tree = parsed(pack, condition.test, programme.subject, condition.origin, BOOL)
        if isinstance(tree, Problem):
            yield tree
            continue
        never, always = never_and_always(tree, pack.vocabulary)
        if never or always:
            word = "永远不成立 can never be met" if never else "永远成立 can never fail"
            got = f"{programme.name}.{condition.id}: {condition.test} {word}"
            yield _problem(
                "condition-decides-nothing", condition.origin, got, "有时成立有时不成立的条件", "改正数值或删去"
            )


def _relation_problems(programme: m.Programme, pack: m.Pack) -> Iterator[Problem]:
    for key, others in (("stacks_with", programme.stacks_with), ("not_with", programme.not_with)):
        for other in others:
            if other not in pack.programmes:
                known = "本包的项目 a programme of the pack"
                yield _problem("unknown-programme", programme.origin, f"{key}: {other}", known, "改正名字")
    for other in programme.not_with:
        found = pack.programmes.get(other)
        if found and found.subject != programme.subject:
            got = f"{programme.name}（{programme.subject}）与 {other}（{found.subject}）"
            yield _problem("different-subjects", programme.origin, got, "同类主体的项目", "不同主体的项目不能互斥")
        if found and programme.name in found.not_with:
            got = f"{programme.name} 与 {other} 互相排斥"
            yield _problem("both-give-way", programme.origin, got, "一方让另一方", "只在让步的一方写 not_with")
        if other in programme.stacks_with:
            yield _problem("stacks-and-excludes", programme.origin, other, "叠加或互斥之一", "删去其中之一")


def _group_problems(pack: m.Pack) -> Iterator[Problem]:
    for group in pack.groups.values():
        members = [pack.programmes.get(name) for name in group.programmes]
        for name, member in zip(group.programmes, members, strict=True):
            if member is None:
                yield _problem("unknown-programme", group.origin, name, "本包的项目", "改正名字")
            elif not member.amounts:
                yield _problem("no-amount-to-compare", group.origin, name, "有金额的项目", "写出金额，才能就高")
        known = [member for member in members if member]
        if len({(member.subject, member.pays) for member in known}) > 1:
            got = "、".join(f"{member.name}（{member.subject}，{member.pays}）" for member in known)
            yield _problem("not-comparable", group.origin, got, "同类主体、同一发放周期", "分成几组")
        for text, wants in ((group.has, BOOL), (group.amount, MONEY)):
            tree = parsed(pack, text, known[0].subject, group.origin, wants) if text and known else None
            if isinstance(tree, Problem):
                yield tree


def _duty_problems(pack: m.Pack) -> Iterator[Problem]:
    for duty in pack.duties.values():
        for text in (duty.applies, duty.test):
            tree = parsed(pack, text, duty.subject, duty.origin, BOOL) if text else None
            if isinstance(tree, Problem):
                yield tree
    for process in pack.processes.values():
        text = process.details.get("who_to_check", "")
        tree = parsed(pack, text, process.subject or "person", process.origin, BOOL) if text else None
        if isinstance(tree, Problem):
            yield tree
    for check in pack.checks.values():
        tree = parsed(pack, check.test, "person", check.origin, BOOL)
        if isinstance(tree, Problem):
            yield tree
        for name in check.shows:
            if name not in pack.facts:
                yield _problem("unknown-fact", check.origin, name, "事实词汇表中的名字", "改正名字")
    for indicator in pack.indicators.values():
        scope = "person"
        for text in (indicator.numerator, indicator.denominator):
            tree = parsed(pack, text, scope, indicator.origin, BOOL) if text else None
            if isinstance(tree, Problem):
                yield tree
        if bool(indicator.numerator) == bool(indicator.not_computable):
            yield _problem(
                "count-or-reason", indicator.origin, indicator.name, "分子分母，或 not_computable", "写出算法或原因"
            )


def _open_questions(pack: m.Pack) -> Iterator[Problem]:
    """What the documents leave open; a note each, and a problem where it speaks of something the pack has not."""
    duties = {duty.name for duty in pack.duties.values()}
    duties |= set(pack.priorities)
    known = {*pack.programmes, *duties, *pack.processes, *pack.indicators, *pack.parameters}
    for question in pack.questions.values():
        for name in question.about:
            if name not in known:
                yield _problem("unknown-thing", question.origin, name, "本包的项目、职责、流程、指标或值", "改正名字")
        about = "、".join(question.about or question.covers)
        yield _note(
            "open-question",
            question.origin,
            f"{question.says}（{about}）",
            f"[{question.cite}]",
            "请有权解释的部门答复",
        )


def _cite_problems(pack: m.Pack) -> Iterator[Problem]:
    """A cite is a document's id and a clause; further clauses follow after semicolons, with or without another id."""
    for cite, place in _cites(pack):
        for document in dict.fromkeys(document for document, _ in parse_cite(cite)):
            if document not in pack.documents:
                known = "、".join(pack.documents)
                yield _problem(
                    "unknown-document", place, cite, f"以文件代号开头：{known}", "先在 pack.toml 声明文件，或改正代号"
                )


def _cites(pack: m.Pack) -> Iterable[tuple[str, Place]]:
    for programme in pack.programmes.values():
        yield programme.cite, programme.origin
        yield from ((c.cite, c.origin) for c in programme.conditions)
        yield from ((rule.cite, rule.origin) for rule in programme.amounts)
    for parameter in pack.parameters.values():
        yield from ((value.cite, value.origin) for value in parameter.values)
    for priority in pack.priorities.values():
        yield priority.cite, priority.origin
        yield from ((key.cite, key.origin) for key in priority.keys)
    others: list[m.Group | m.Duty | m.Process | m.Indicator | m.Check | m.Question] = [
        *pack.groups.values(),
        *pack.duties.values(),
    ]
    others += [*pack.processes.values(), *pack.indicators.values(), *pack.checks.values(), *pack.questions.values()]
    yield from ((thing.cite, thing.origin) for thing in others)
    for fact in pack.facts.values():
        yield from ((cite, fact.origin) for cite in (fact.cite, *(d.cite for d in fact.derivations)) if cite)


def counts(problems: Iterable[Problem]) -> Counter[str]:
    """How many problems of each severity."""
    return Counter(problem.severity for problem in problems)
