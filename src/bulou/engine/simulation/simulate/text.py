"""A simulation in a terminal: the figures, programmes and one breakdown after another."""

from __future__ import annotations

from collections.abc import Iterator

from bulou.engine.report.words import count_words, yuan_words
from bulou.engine.simulation.simulate.simulation import ALL, BALANCES, Simulation
from bulou.engine.simulation.simulate.summary import (
    PAYS,
    balance,
    has_money,
    sides,
    summed,
    title_of,
    touching,
    unknown_words,
)

MOST_ROWS = 20
UNITS = {"person": "人", "household": "户", "employer": "个用人单位", "institution": "个机构"}
Grid = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
"""Title, heads and rows; the first column is text, the others are numbers."""


def headline(result: Simulation) -> Iterator[str]:
    """What was compared, in a few lines."""
    before, after = sides(result)
    sizes = (f"{count_words(result.subjects[kind])} {unit}" for kind, unit in UNITS.items() if kind in result.subjects)
    yield f"{title_of(result)} · 判定日 {result.on} · {'，'.join(sizes)}"
    yield f"现行：{before}"
    yield f"试行：{after}"
    yield from (f"  · {words}" for words in result.says)
    yield from (f"  两边都用：{words}" for words in result.current)
    touched, idle = touching(result)
    yield f"影响这些人的项目 {len(touched)} 个；规定不同但不影响这些人的 {idle} 个；相同的 {result.unchanged} 个"


def grids(result: Simulation) -> Iterator[Grid]:
    """Tables to print: programmes, household balances, breakdowns that are short enough."""
    if not result.programmes:
        return
    yield from _programmes(result)
    if has_money(result):
        yield from _balances(result)
    for breakdown in result.breakdowns:
        sums = summed(result, breakdown.name)
        if sums.height <= MOST_ROWS:
            yield (
                f"按{breakdown.title}",
                ("组", "增加", "减少", "待核实", "每月净变化元", "每年净变化元"),
                [
                    (
                        row["group"],
                        *(count_words(row[n]) for n in ("gained", "lost", "unsettled")),
                        yuan_words(row["month_gained"] - row["month_lost"]),
                        yuan_words(row["year_gained"] - row["year_lost"]),
                    )
                    for row in sums.iter_rows(named=True)
                ],
            )


def _programmes(result: Simulation) -> Iterator[Grid]:
    counts = ("gained", "lost", "kept", "changed", "unsettled", "same", "unset")
    people, money = [], []
    for one in touching(result)[0]:
        m = result.total(one.name)
        m["changed"] = m["more"] + m["less"]
        people.append((one.title, *(count_words(m[name]) for name in counts)))
        if one.money:
            net, more = m["fen_gained"] - m["fen_lost"], unknown_words(m["fen_low"], m["fen_high"], m["unbounded"])
            fens = map(yuan_words, (m["fen_gained"], m["fen_lost"], net))
            money.append((one.title, PAYS[one.pays], *fens, more))
    yield "按项目：人数", ("项目", "增加", "减少", "保留", "金额变", "待核实", "未知但不变", "金额未定"), people
    if money:
        yield "按项目：金额（元）", ("项目", "周期", "增加", "减少", "净变化", "待核实的还可能变"), money


def _balances(result: Simulation) -> Iterator[Grid]:
    rows = []
    for name, table in (("户", result.households), ("人", result.people)):
        for row in balance(table, result, ALL).iter_rows(named=True) if table.height else ():
            fens = yuan_words(row["fen_up"]), yuan_words(row["fen_down"])
            rows.append((name, *(count_words(row[n]) for n in BALANCES), *fens))
    if rows:
        yield "得失平衡（一年）", ("单位", "得大于失", "失大于得", "不变", "说不出", "多得元", "少得元"), rows


def closing(result: Simulation) -> Iterator[str]:
    """Sums that agree, and how small groups are protected."""
    if result.programmes and has_money(result):
        whole = summed(result, ALL).row(0, named=True)
        gained, lost, before, after = (whole[f"month_{n}"] for n in ("gained", "lost", "before", "after"))
        left, right = f"{yuan_words(gained)} − {yuan_words(lost)}", f"{yuan_words(after)} − {yuan_words(before)}"
        yield f"对账（每月）：{left} = {right}，各种分组之和相等"
    yield from result.protected
