"""What a person should look at: the declaration against itself and the rules, and signs of paper employment.

A machine suspects, a person decides: nothing here changes an amount.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bulou.engine.basics.days import full_months
from bulou.engine.entitlements import Subject, determine
from bulou.engine.language.nodes import Value
from bulou.engine.levy.assess import Assessment, kind_by_code, kinds_differ
from bulou.engine.levy.late import yuan_of
from bulou.engine.levy.reading import FormRow
from bulou.engine.levy.rules import MINIMUM_WAGE, RATIO, SOCIAL_WAGE, Rules
from bulou.engine.levy.wording import plain, yuan
from bulou.engine.pack.wording import cited

TAX = "税务（征收）部门会同残联就业机构核实"
FORM = "申报表自身核对"
ONE_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Finding:
    """One suspicion, with its evidence and where it stands; `who` looks, `action` says how."""

    employer: str
    code: str
    person: str
    number: str
    title: str
    evidence: str
    where: str
    cite: str
    who: str
    action: str


def findings(found: Sequence[Assessment], staff: Sequence[FormRow], rules: Rules, day: date) -> list[Finding]:
    """All suspicions: about the declarations in their order, then about the employees on the lists."""
    return [
        *(finding for one in found for finding in _of_declaration(one, rules)),
        *_headcounts(found, staff),
        *_of_staff(staff, rules, day),
    ]


def _about(row: FormRow, title: str, evidence: str, action: str, cite: str = FORM, who: str = TAX) -> Finding:
    employer, code = str(row.values.get("employer", "")), str(row.values.get("code", ""))
    return Finding(employer, code, "", "", title, evidence, row.where, cite, who, action)


def _of_declaration(found: Assessment, rules: Rules) -> Iterator[Finding]:
    row, by_code = found.row, kind_by_code(found.row)
    if any(problem.code == "credit-code-check" for problem in row.problems):
        yield _about(row, "统一社会信用代码校验码不符", str(row.values["code"]), "对照登记证核对代码")
    kind = row.values.get("kind")
    if kind and by_code and kinds_differ(str(kind), by_code):
        codes = rules.pack.facts["employer.kind"].codes_zh
        words = [codes.get(one, "企业") for one in (str(kind), by_code)]
        evidence = f"写的是{words[0]}，代码前两位是{words[1]}"
        yield _about(row, "单位性质与信用代码不符", evidence, "核对单位性质；30人及以下是否免征要看它")
    if found.subject is None or found.day is None:
        return
    yield from _against_rules(found, rules, found.day)
    for column, ours, word in (
        ("due", found.due, "应纳费额"), ("relief", found.relief, "减免费额"),
        ("balance", found.balance, "应补（退）费额"),
    ):  # fmt: skip
        said = row.values.get(column)
        if isinstance(said, Decimal) and ours is not None and abs(said - Decimal(ours).scaleb(-2)) >= ONE_FEN:
            evidence = f"申报 {yuan(said)}，算得 {yuan_of(ours)}"
            yield _about(row, f"申报的{word}与算得的不同", evidence, "看理由一栏，核对哪一步不同")


def _against_rules(found: Assessment, rules: Rules, day: date) -> Iterator[Finding]:
    row = found.row
    for column, name, word in (("ratio", RATIO, "安排比例"), ("social_wage", SOCIAL_WAGE, "当地社会平均工资")):
        said, set_ = row.values.get(column), rules.value(name, day)
        if isinstance(said, Decimal) and isinstance(set_, Decimal) and said != set_:
            used = rules.dated(name, day)
            evidence = f"表里 {plain(said)}，规定 {plain(set_)}；按规定算"
            yield _about(
                row, f"表里的{word}与规定不同", evidence, "核对用的是哪一年、哪个地方的数", used.clause if used else ""
            )
    said, ours = row.values.get("avg_wage"), found.avg_wage
    both = "wages" in row.values and isinstance(said, Decimal) and ours is not None
    if both and abs(said - ours) >= ONE_FEN:  # type: ignore[operator]
        evidence = f"表里 {yuan(said)}，工资总额 ÷ 人数 = {yuan(ours)}"  # type: ignore[arg-type]
        yield _about(row, "第8栏与第4栏÷第5栏不同", evidence, "核对工资总额和人数")


def _key(row: FormRow) -> str:
    return str(row.values.get("code") or row.values.get("employer") or row.where)


def _headcounts(found: Sequence[Assessment], staff: Sequence[FormRow]) -> Iterator[Finding]:
    """Declared heads against the list, where there is a list at all: names where codes are missing."""
    if not staff:
        return
    listed: dict[str, set[str]] = defaultdict(set)
    for row in staff:
        for key in {row.values.get("code"), row.values.get("employer")} - {None}:
            listed[str(key)].add(_person(row))
    for one in found:
        heads = one.row.values.get("disabled")
        names = [str(one.row.values[key]) for key in ("code", "employer") if key in one.row.values]
        count = max((len(listed[name]) for name in names if name in listed), default=0)
        if isinstance(heads, Decimal) and heads > 0 and not count:
            evidence = f"申报 {plain(heads)} 人，名单里没有这个单位的人"
            yield _about(one.row, "申报了残疾职工，名单里没有", evidence, "请单位补交名单和证明", "cs-2015-72 七")


def _person(row: FormRow) -> str:
    cert = row.values.get("cert_no")
    return str(row.values.get("id_no") or (str(cert)[:18] if cert else "") or row.where)


# employees --------------------------------------------------------------------------------------------------------


def _of_staff(staff: Sequence[FormRow], rules: Rules, day: date) -> Iterator[Finding]:
    """The checks of the pack that run on the levy, asked about everyone on the lists."""
    if not staff:
        return
    policy = rules.policy(day, {})
    checks = [check for check in rules.pack.checks.values() if check.run == "levy"]
    programmes = {programme.name: programme for programme in policy.of("person")}
    facts = _facts_of(staff)
    for row, given in zip(staff, facts, strict=True):
        subject = Subject(policy, "person", row.where, given)
        for check in checks:
            if determine(programmes[f"check.{check.name}"], subject).verdict == "yes":
                shown = "，".join(f"{rules.pack.facts[name].label} {_shown(given.get(name))}" for name in check.shows)
                about = _about(row, check.title, shown + _more(check.name, row, staff, policy.constants), check.action,
                               cited(rules.pack, check.cite), check.who)  # fmt: skip
                yield replace(about, person=str(row.values.get("person", "")), number=_number_of(row))


def _number_of(row: FormRow) -> str:
    return str(row.values.get("id_no") or row.values.get("cert_no") or "")


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{yuan(value)} 元" if isinstance(value, Decimal) else str(value)


def _more(check: str, row: FormRow, staff: Sequence[FormRow], constants: Mapping[str, Value]) -> str:
    """Further evidence: which employers, which address, what the minimum is."""
    if check == "levy_several_employers":
        names = _employers(other for other in staff if _person(other) == _person(row))
        return f"：{'、'.join(names)}"
    if check == "levy_shared_address":
        shared = [other for other in staff if _contacts(other) & _contacts(row)]
        return f"：{'、'.join(_employers(shared))}；{'、'.join(sorted(_contacts(row)))}"
    if check.startswith("levy_wage"):
        return f"，最低工资 {_shown(constants.get(MINIMUM_WAGE))}"
    if check == "levy_insured_elsewhere":
        return f"：社保在{row.values.get('insured_place')}，单位在{row.values.get('employer_place')}"
    return ""


def _employers(rows: Iterable[FormRow]) -> list[str]:
    return sorted({str(row.values.get("employer") or row.values.get("code") or row.where) for row in rows})


def _contacts(row: FormRow) -> set[str]:
    return {str(row.values[name]) for name in ("address", "phone") if name in row.values}


def _facts_of(staff: Sequence[FormRow]) -> list[dict[str, Value]]:
    """The facts of each line: its own cells, and what only all lines together can say."""
    codes = {row.values["employer"]: row.values["code"] for row in staff if {"employer", "code"} <= set(row.values)}
    at: dict[str, set[str]] = defaultdict(set)
    with_: dict[str, set[str]] = defaultdict(set)
    for row in staff:
        employer = str(row.values.get("code") or codes.get(row.values.get("employer", "")) or _key(row))
        at[_person(row)].add(employer)
        for contact in _contacts(row):
            with_[contact].add(employer)
    found: list[dict[str, Value]] = []
    for row in staff:
        known = "id_no" in row.values or "cert_no" in row.values
        shared = max((len(with_[contact]) for contact in _contacts(row)), default=None)
        facts: dict[str, Value] = {
            "person.employers_at_once": len(at[_person(row)]) if known else None,
            "person.employers_at_address": shared,
            "person.monthly_wage": row.values.get("monthly_wage"),
            "person.insured_by_employer": row.values.get("insured_by_employer"),
            "person.insured_elsewhere": _elsewhere(row),
            "person.attendance_days": _whole(row.values.get("attendance_days")),
            "person.contract_months": _months(row),
        }
        found.append({name: value for name, value in facts.items() if value is not None})
    return found


def _whole(value: Value) -> Value:
    return int(value) if isinstance(value, Decimal) and value == int(value) else None


def _elsewhere(row: FormRow) -> bool | None:
    """Whether the two places differ; one named inside the other is the same place said more exactly."""
    insured, place = row.values.get("insured_place"), row.values.get("employer_place")
    if not isinstance(insured, str) or not isinstance(place, str):
        return None
    return insured not in place and place not in insured


def _months(row: FormRow) -> int | None:
    """Months from the first day of the contract to its last, that day counted."""
    start, end = row.values.get("contract_from"), row.values.get("contract_to")
    if not isinstance(start, date) or not isinstance(end, date) or end < start:
        return None
    return full_months(start, end + timedelta(days=1))
