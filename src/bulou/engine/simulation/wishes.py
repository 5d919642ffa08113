"""Changes to a policy as somebody asks for them: a value, a condition, an amount, a switch; checked and put in.

A wish is an option of the command line with its text: ("set", "nursing_subsidy_grade34=50"). The pack is changed from
a day on, so that the days before keep the policy in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.facts.values import Misfit, read_cell
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack
from bulou.engine.pack import model as m
from bulou.engine.pack.read_programmes import PLAN_IN_FORCE, SWITCHED_ON, with_all_conditions

CITE = "（测算，不是文件规定）"


@dataclass(frozen=True)
class Wish:
    """One change: the option's name without dashes, and its text."""

    option: str
    text: str

    @property
    def place(self) -> Place:
        return Place(f"--{self.option} {self.text}")


@dataclass(frozen=True)
class WishedPolicy:
    """A pack and settings with the wishes put in, and the wishes in words."""

    pack: Pack
    settings: tuple[DatedSetting, ...]
    says: tuple[str, ...]
    notes: tuple[Problem, ...] = field(default=())


def put_in_wishes(
    pack: Pack, wishes: Sequence[Wish], start: date | None, known: Mapping[str, Value] | None = None
) -> WishedPolicy:
    """`pack` with the wishes in force from `start` on (None: always); `known` are the settings it has by then.

    Raises `Refused` with all problems: names that are not there, values of another type, a switch without a date.
    """
    work = _Work(pack, start, dict(known or {}))
    for wish in wishes:
        work.put_in(wish)
    if work.problems:
        raise Refused(work.problems)
    return WishedPolicy(work.pack, tuple(work.settings), tuple(work.says), tuple(work.notes))


def read_settings(pack: Pack, texts: Iterable[str], option: str) -> tuple[DatedSetting, ...]:
    """Values of the locality given as NAME=VALUE, for both policies alike. Raises `Refused`."""
    work = _Work(pack, None, {}, dated=False)
    for text in texts:
        work.set(Wish(option, text))
    if work.problems:
        raise Refused(work.problems)
    return tuple(work.settings)


class _Work:
    def __init__(self, pack: Pack, start: date | None, known: dict[str, Value], dated: bool = True) -> None:
        self.pack, self.start, self.known, self.dated = pack, start, known, dated
        self.settings: list[DatedSetting] = []
        self.says: list[str] = []
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def put_in(self, wish: Wish) -> None:
        match wish.option:
            case "set":
                self.set(wish)
            case "enable" | "disable":
                self.switch(wish)
            case "amount":
                self.amount(wish)
            case _:
                self.condition(wish)

    def problem(self, wish: Wish, code: str, got: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(code, wish.place, got, expected, fix))

    # values -----------------------------------------------------------------------------------------------

    def set(self, wish: Wish) -> None:
        """NAME=VALUE of a region value, with or without its prefix."""
        name, equals, raw = (part.strip() for part in wish.text.partition("="))
        fact = self.pack.facts.get(f"region.{name.removeprefix('region.')}")
        if fact is None:
            self.unknown_value(wish, name)
            return
        if not equals or not raw:
            fix = "写明要试算的值 write the value to try"
            self.problem(wish, "no-value", "没有值 no value", f"{name}=值 VALUE", fix)
            return
        try:
            value = read_cell(raw, fact.type, dict(fact.codes_zh))
        except Misfit as misfit:
            self.problem(wish, "wrong-value", raw, f"{fact.label}：{misfit.expected}", misfit.fix)
            return
        if isinstance(value, bool) and self.dated and not self.start:
            self.no_date(wish)
        self.settings.append(DatedSetting(fact.name, value, self.start, CITE))
        self.says.append(f"{fact.label}（{fact.name}）= {raw}")

    def unknown_value(self, wish: Wish, name: str) -> None:
        region = {fact.name: fact for fact in self.pack.facts.values() if fact.subject == "region"}
        if name.partition(".")[0] in ("person", "household", "employer", "institution"):
            got = f"{name} 是每个人自己的事实，不是地区的值 a fact of each subject"
            self.problem(wish, "not-a-region-value", got, "region 的值，如 region.dibao_standard", "改政策的值或条件")
            return
        by_label = [f"region.{fact.name.removeprefix('region.')}" for fact in region.values() if name in fact.label]
        close = by_label[:3] or get_close_matches(f"region.{name.removeprefix('region.')}", region, n=3, cutoff=0.6)
        expected = f"{self.pack.region} 的地区值 a region value of the pack"
        self.problem(wish, "unknown-value", f"没有 {name!r} 这个值", expected, _perhaps(close, "bulou pack show"))

    def no_date(self, wish: Wish) -> None:
        got = "开关没有日期 a switch without a date"
        self.problem(wish, "switch-without-date", got, "从哪一天起 --from YYYY-MM-DD", "加上 --from")

    # switches ---------------------------------------------------------------------------------------------

    def switch(self, wish: Wish) -> None:
        """Switch an optional programme on or off; a programme without a switch can only be ended."""
        programme = self.programme(wish, wish.text.strip())
        if programme is None:
            return
        if self.start is None:
            self.no_date(wish)
            return
        on = wish.option == "enable"
        if programme.switch:
            if self.known.get(programme.switch) is on:
                self.note(wish, "开着" if on else "关着")
            self.settings.append(DatedSetting(programme.switch, on, self.start, CITE))
        elif on:
            got = f"{programme.title} 没有开关（{programme.force}）has no switch"
            fix = "条件用 --condition 改；要试新项目，写一个地区包再用 --against"
            self.problem(wish, "no-switch", got, "有开关的 may 或 explore 项目", fix)
            return
        else:
            self.replace(replace(programme, period=Period(programme.period.start, self.start)))
        self.says.append(f"{'开办' if on else '停办'} {programme.title}（{programme.name}）")

    def note(self, wish: Wish, state: str) -> None:
        got, fix = f"本来就{state} already so", "不影响结果；核对是不是想改别的"
        self.notes.append(Problem("nothing-changes", wish.place, got, "会改变政策的开关", fix, "note"))

    # conditions and amounts -------------------------------------------------------------------------------

    def condition(self, wish: Wish) -> None:
        """Replace, add or drop one condition of a programme."""
        target, equals, test = (part.strip() for part in wish.text.partition("="))
        name, dot, id = target.partition(".")
        drops = wish.option == "drop-condition"
        if not dot or not id or (not drops and not (equals and test)):
            form = "项目.条件 PROGRAMME.CONDITION" + ("" if drops else "=SQL")
            self.problem(
                wish, "not-a-condition", wish.text, form, "例如 nursing_subsidy.severe_grade=person.grade <= 3"
            )
            return
        programme = self.programme(wish, name)
        if programme is None:
            return
        named = {condition.id: condition for condition in programme.conditions}
        if wish.option == "add-condition":
            if id in named:
                self.problem(wish, "condition-exists", id, "新的条件名 a new name", "要改它用 --condition")
                return
        elif id not in named:
            self.unknown_condition(wish, programme, id)
            return
        old = named.get(id)
        new = None if drops else self.new_condition(wish, id, test, old)
        kept = [condition for one in programme.conditions for condition in self.kept(one, id, new)]
        if old is None and new is not None:
            kept.append(new)
        self.replace(replace(programme, conditions=tuple(kept)))
        self.says.append(f"{programme.title}：{self.words(old, new, id)}")

    def words(self, old: m.Condition | None, new: m.Condition | None, id: str) -> str:
        if new is None and old is not None:
            return f"去掉“{old.says}”这一条"
        assert new is not None
        return f"“{old.says}”改为 {new.test}" if old else f"增加条件 {id}：{new.test}"

    def new_condition(self, wish: Wish, id: str, test: str, old: m.Condition | None) -> m.Condition:
        excludes = bool(old and old.excludes)
        return m.Condition(id, test, f"测算条件：{test}", CITE, Period(self.start), excludes, wish.place)

    def kept(self, one: m.Condition, id: str, new: m.Condition | None) -> list[m.Condition]:
        """A condition as it stays: untouched, or ended where the new one begins."""
        if one.id != id:
            return [one]
        earlier = [replace(one, period=Period(one.period.start, self.start))] if self.start else []
        return [*earlier, *([new] if new else [])]

    def unknown_condition(self, wish: Wish, programme: m.Programme, id: str) -> None:
        names = [condition.id for condition in programme.conditions]
        fixed = [c.id for c in with_all_conditions(programme).conditions if c.id in (SWITCHED_ON, PLAN_IN_FORCE)]
        if id in fixed:
            got, fix = f"{id} 由开关决定", "用 --enable、--disable 或 --set plan_in_force=是"
            self.problem(wish, "a-switch", got, "可以改写的条件", fix)
            return
        close = get_close_matches(id, names, n=3, cutoff=0.4) or names
        expected = f"{programme.title} 的条件 a condition of it"
        self.problem(wish, "unknown-condition", f"没有条件 {id!r}", expected, _perhaps(close, "--add-condition"))

    def amount(self, wish: Wish) -> None:
        """PROGRAMME=EXPRESSION in yuan, in place of the amount in force."""
        name, equals, expression = (part.strip() for part in wish.text.partition("="))
        if not equals or not expression:
            self.problem(wish, "not-an-amount", wish.text, "项目=金额 PROGRAMME=YUAN", "例如 living_subsidy=120")
            return
        programme = self.programme(wish, name)
        if programme is None:
            return
        rule = m.AmountRule(Period(self.start), expression, CITE, wish.place)
        self.replace(replace(programme, amounts=(rule, *programme.amounts)))
        self.says.append(f"{programme.title}：金额改为 {expression} 元")

    def programme(self, wish: Wish, name: str) -> m.Programme | None:
        found = self.pack.programmes.get(name)
        if found is None:
            titled = [p.name for p in self.pack.programmes.values() if name and name in p.title]
            close = titled[:3] or get_close_matches(name, self.pack.programmes, n=3, cutoff=0.5)
            expected = f"{self.pack.region} 的项目 a programme of the pack"
            self.problem(wish, "unknown-programme", f"没有项目 {name!r}", expected, _perhaps(close, "bulou pack show"))
        return found

    def replace(self, programme: m.Programme) -> None:
        self.pack = replace(self.pack, programmes={**self.pack.programmes, programme.name: programme})


def _perhaps(close: Sequence[str], otherwise: str) -> str:
    if close:
        return f"是否想写 did you mean {'、'.join(close)}？"
    return f"看全部：{otherwise}"
