"""The steps of a row in plain Chinese: figures from the engine, clause and dates from the pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from bulou.engine.basics.problems import Problem
from bulou.engine.entitlements import Subject
from bulou.engine.language import facts_in
from bulou.engine.language.nodes import Value
from bulou.engine.levy.assess import EXEMPT, MET, OWES, Assessment
from bulou.engine.levy.late import late_words, yuan_of
from bulou.engine.levy.rules import LATE_FEE, LATE_RATE, LEVY, MULTIPLE, RATIO, READ_UNTIL, SOCIAL_WAGE, Rules, Used
from bulou.engine.levy.wording import plain, yuan

NEW_SMALL = "employer.new_small_enterprise"


def reasons(found: Assessment, rules: Rules) -> list[str]:
    """The steps of an assessment in the order of the form; a row with a fault says what is wrong instead."""
    if found.subject is None or found.day is None:
        return [f"{problem.place.column}：{problem.got}（应为{problem.expected}）" for problem in _faults(found)]
    return [
        *_quota(found, rules, found.day),
        *_wage(found, rules, found.day),
        *_amount(found, rules, found.day),
        *_late(found, rules, found.day),
        *found.row.remarks,
        *_doubts(found, rules, found.day),
    ]


def not_known(found: Sequence[Assessment], rules: Rules) -> list[str]:
    """What the sums of all rows leave open, each with how many rows it concerns."""
    worked = [one for one in found if one.payable is not None and one.day is not None]
    beyond = [one for one in worked if one.day and _read_until(rules, one.day)]
    said = []
    if beyond:
        until = _read_until(rules, max(one.day for one in beyond if one.day))
        said.append(f"{len(beyond)} 行的所属期在 {until} 以后，减免有没有延续没有读到，按没有减免算")
    new = sum(bool(_may_be_new(one, rules, one.day)) for one in worked if one.day)
    if new:
        said.append(f"{new} 行如是新登记的小企业可能免征，表里没有写清，按不免算")
    unpaid = sum(one.paid is None for one in worked)
    if unpaid:
        said.append(f"{unpaid} 行没有写已缴费额，第 12 栏不计")
    late = sum(one.late_fen is None for one in worked)
    if late:
        said.append(f"{late} 行的滞纳金还不知道，不在合计里，原因见“理由和依据”")
    return said


def _read_until(rules: Rules, day: date) -> date | None:
    """The last day of the documents read, where `day` lies after it."""
    until = rules.value(READ_UNTIL, day)
    return until if isinstance(until, date) and day > until else None


def _faults(found: Assessment) -> list[Problem]:
    return [problem for problem in found.row.problems if problem.severity == "error"]


def _clause(used: Used | None) -> str:
    return used.clause_words if used else ""


def _quota(found: Assessment, rules: Rules, day: date) -> Iterator[str]:
    assert found.subject is not None
    value = found.subject.value
    if found.ratio is None:
        yield "本地没有定安排比例，表里也没有写"
    else:
        where = "（申报表第6栏，本地没有另定）" if RATIO in found.said else _clause(rules.dated(RATIO, day))
        yield f"规定比例 {plain(found.ratio)}%{where}"
    credited, double = value("employer.disabled_credited"), found.row.values.get("double")
    if double:
        heads = found.row.values.get("disabled")
        clause = _clause(rules.step("employer.disabled_credited", day))
        yield f"实际安排 {plain(heads)} 人，其中 {plain(double)} 人按两人计，计入 {plain(credited)} 人{clause}"
    if found.ratio is not None:
        required, gap = value("employer.quota_required"), value("employer.levy_gap")
        sums = f"应安排 {plain(value('employer.staff_avg'))} × {plain(found.ratio)}% = {plain(required)} 人"
        clause = _clause(rules.step("employer.levy_gap", day))
        yield f"{sums}，计入 {plain(credited)} 人，差 {plain(gap)} 人{clause}"


def _wage(found: Assessment, rules: Rules, day: date) -> Iterator[str]:
    assert found.subject is not None
    if found.outcome == MET:
        return
    wages, staff = found.row.values.get("wages"), found.row.values.get("staff")
    base, cap = found.subject.value("employer.levy_wage_base"), rules.dated(MULTIPLE, day)
    social = found.subject.policy.constants.get(SOCIAL_WAGE)
    multiple = found.subject.policy.constants.get(MULTIPLE)
    if isinstance(wages, Decimal) and isinstance(staff, Decimal) and found.avg_wage is not None:
        rest = "" if found.avg_wage * staff == wages else "（四舍五入到分）"
        yield f"年平均工资 {yuan(wages)} ÷ {plain(staff)} = {yuan(found.avg_wage)} 元{rest}"
    elif found.avg_wage is not None:
        yield f"年平均工资 {yuan(found.avg_wage)} 元（申报表第8栏）"
    if isinstance(social, Decimal) and isinstance(multiple, Decimal) and base is not None:
        where = "（表里写的）" if SOCIAL_WAGE in found.said else _clause(rules.dated(SOCIAL_WAGE, day))
        top = f"{plain(multiple)} × {yuan(social)}{where} = {yuan(social * multiple)} 元"
        yield f"封顶 {top}{_clause(cap)}，计费工资 {yuan(base)} 元"  # type: ignore[arg-type]


def _amount(found: Assessment, rules: Rules, day: date) -> Iterator[str]:
    assert found.subject is not None and found.levy is not None
    gap, base = found.subject.value("employer.levy_gap"), found.subject.value("employer.levy_wage_base")
    if found.outcome == MET:
        yield f"达到规定比例，不用缴{_clause(_failing(found, rules))}"
        return
    if found.due is not None:
        clause = _clause(rules.step("employer.levy_due", day))
        yield f"应纳 {plain(gap)} × {yuan(base)} = {yuan_of(found.due)} 元{clause}"  # type: ignore[arg-type]
    if found.outcome == EXEMPT:
        failing = _failing(found, rules)
        says = failing.says if failing else ""
        yield f"{says}，免征{_clause(failing)}"
    if found.outcome == OWES:
        staff, credited = found.subject.value("employer.staff_avg"), found.subject.value("employer.disabled_credited")
        rate = found.subject.value("employer.levy_rate_percent")
        assert isinstance(staff, Decimal) and credited is not None
        share = plain(round(Decimal(credited) / staff * 100, 4))  # type: ignore[arg-type]
        clause = _clause(rules.step("employer.levy_rate_percent", day))
        cut = f"减 {yuan_of(found.relief)}，" if found.relief else ""
        yield f"安排比例 {share}%，按应纳额的 {plain(rate)}% 缴，{cut}应缴 {yuan_of(found.payable)} 元{clause}"
    if found.balance is not None:
        word = "应退" if found.balance < 0 else "应补"
        yield f"已缴 {yuan_of(found.paid)} 元，{word} {yuan_of(abs(found.balance))} 元"


def _failing(found: Assessment, rules: Rules) -> Used | None:
    assert found.levy is not None
    failed = next((state for state in found.levy.conditions if state.state == "failed"), None)
    return rules.condition(LEVY, failed.id) if failed else None


def _late(found: Assessment, rules: Rules, day: date) -> Iterator[str]:
    if found.late is not None:
        rate = rules.dated(LATE_RATE, day)
        order = rules.condition(LATE_FEE, "order_expired")
        yield late_words(found.late, rate.says.removesuffix("/日") if rate else "", _clause(order))
    yield from found.late_gaps


def _doubts(found: Assessment, rules: Rules, day: date) -> Iterator[str]:
    start = found.row.values.get("period_from")
    if isinstance(start, date):
        for used in rules.changes_within(start, day):
            yield f"所属期里“{used.what}”变了（{used.period.start}起），按所属期最后一天的规定算"
    until = _read_until(rules, day)
    if until:
        yield f"读到的减免文件执行到 {until}；以后有没有延续要查，这里按没有延续算"
    lacking = _may_be_new(found, rules, day)
    if lacking:
        yield f"没有写{'、'.join(lacking)}：如是新登记的小企业可能免征，这里按不免算"


def _may_be_new(found: Assessment, rules: Rules, day: date) -> list[str]:
    """What a row that owes does not say and would be exempt by, as a small enterprise that was just registered."""
    about = found.subject
    if about is None or found.outcome != OWES or NEW_SMALL not in about.policy.definitions:
        return []
    read = facts_in(about.policy.definitions[NEW_SMALL])
    best: dict[str, Value] = {
        "employer.registered_on": day,
        "employer.small_micro": True,
        "employer.is_enterprise": True,
    }
    lacking = {name: value for name, value in best.items() if name in read and about.value(name) is None}
    exempt = Subject(about.policy, "employer", about.id, {**about.given, **lacking}).value(NEW_SMALL)
    names = [name.replace("is_enterprise", "kind") for name in lacking]
    return [rules.pack.facts[name].label for name in names] if exempt is True else []
