"""A priority list for people: rank, who shares it, why, and what has to be asked; as workbook, CSV or text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.sheets import Column, Sheet, write_book
from bulou.engine.language.nodes import Value
from bulou.engine.pack.expressions import rule_words
from bulou.engine.pack.model import PriorityKey
from bulou.engine.pack.wording import cited, since, titles
from bulou.engine.ranking.rank import Place, Ranking

if TYPE_CHECKING:
    import polars as pl

FOOTER = "次序由规则排出，由人决定"
DIRECTIONS = {"true": "是的在前", "smallest": "小的（早的）在前", "largest": "大的（晚的）在前"}
LINE = (
    Column("名次", "rank", 20), Column("并列", "tied", 16), Column("编号", "subject", 24), Column("为什么", "why", 60),
    Column("要核实", "asks", 60), Column("依据", "cite", 34), Column("决定", width=14), Column("决定人", width=10),
    Column("理由", width=24),
)  # fmt: skip
LEFT_OUT = (Column("编号", "subject", 24), Column("为什么不在名单", "why", 60), Column("依据", "cite", 34))
ORDER = (
    Column("次序", "number", 6, "number"), Column("先看什么", "says", 40), Column("怎么排", "first", 18),
    Column("规则", "rule", 60), Column("有效期", "period", 26), Column("条款", "cite", 34), Column("文件", "title", 44),
)  # fmt: skip
ENDINGS = (".xlsx", ".csv")


def write_ranking(ranking: Ranking, out: Path) -> None:
    """Write the list as .xlsx (with the order and who is left out) or .csv; equal input gives equal bytes."""
    from bulou.engine.basics.problems import Place as Where
    from bulou.engine.basics.problems import Problem, Refused

    if out.suffix.lower() not in ENDINGS:
        expected = "、".join(ENDINGS)
        raise Refused([Problem("unknown-file-kind", Where("--out"), out.suffix or "（没有后缀）", expected, "改后缀")])
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".csv":
        _write_csv(ranking, out)
    else:
        write_book(out, _sheets(ranking), ranking.policy.on, FOOTER)


def _sheets(ranking: Ranking) -> list[Sheet]:
    title = f"{ranking.pack.name}：{ranking.priority.title}"
    lines = list(_lines(ranking))
    out = [
        {
            "subject": subject,
            "why": "；".join(f"不符合：{condition.says}" for condition in failed),
            "cite": "；".join(dict.fromkeys(cited(ranking.pack, condition.cite) for condition in failed)),
        }
        for subject, failed in ranking.left_out
    ]
    order = [_order(number, key, ranking) for number, key in enumerate(ranking.keys, 1)]
    who = "，且".join(condition.says for condition in ranking.conditions)
    return [
        Sheet("先后名单", title, _note(ranking), LINE, _frame(LINE, lines)),
        Sheet("怎么排", "怎么排", f"谁在名单里：{who}。前一条分不出，才看后一条；都分不出的并列。", ORDER,
              _frame(ORDER, order)),
        Sheet("不在名单", "不在名单", f"{len(out)} 个。", LEFT_OUT, _frame(LEFT_OUT, out)),
    ]  # fmt: skip


def _note(ranking: Ranking) -> str:
    ties = sum(place.tied > 1 for place in ranking.places if place.settled)
    draft = "规划是草案，只供测算，不能用来办事。" if ranking.priority.draft else ""
    tied = f"并列的有 {ties} 个。" if ties else ""
    return f"{draft}{ranking.policy.on} 的情况。{counts_words(ranking)}。{tied}"


def counts_words(ranking: Ranking) -> str:
    """How many stand in the line, may stand in it, and are ranked."""
    sure = sum(place.in_line is True for place in ranking.places)
    maybe = len(ranking.places) - sure
    settled = sum(place.settled for place in ranking.places)
    unsure = f"，{maybe} 个还不知道在不在" if maybe else ""
    return f"{sure} 个在名单里{unsure}；{settled} 个排定，{len(ranking.places) - settled} 个暂不能排"


def _lines(ranking: Ranking) -> Iterator[dict[str, Any]]:
    groups: dict[int, int] = {}
    for place in ranking.places:
        if place.settled and place.tied > 1:
            groups.setdefault(place.first, len(groups) + 1)
        yield {
            "rank": rank_words(place),
            "tied": _tied(place, groups),
            "subject": place.subject,
            "why": "；".join(_why(number, key, value, ranking) for number, key, value in _keys(place, ranking)),
            "asks": "；".join(_question(name, ranking) for name in _asked(place, ranking)) or _behind_others(place),
            "cite": "；".join(dict.fromkeys(cited(ranking.pack, key.cite) for key in ranking.keys)),
        }


def _tied(place: Place, groups: dict[int, int]) -> str:
    if not place.settled:
        return ""
    tied = f"第{groups[place.first]}组 {place.tied} 个" if place.tied > 1 else ""
    more = f"还可能有 {place.may_tie} 个" if place.may_tie else ""
    return "，".join(part for part in (tied, more) if part)


def _keys(place: Place, ranking: Ranking) -> Iterator[tuple[int, PriorityKey, Value]]:
    for number, (key, value) in enumerate(zip(ranking.keys, place.values, strict=True), 1):
        yield number, key, value


def rank_words(place: Place) -> str:
    """The rank, or why there is none yet and between which ranks it will be."""
    if place.settled:
        return f"{place.first}"
    between = f"{place.first}" if place.first == place.last else f"{place.first}–{place.last}"
    if place.in_line is None:
        return f"在不在名单未知（可能第{between}）"
    return f"暂不能排（第{between}）"


def _behind_others(place: Place) -> str:
    return "" if place.settled else "自己不缺什么；前面有人还没核实清楚"


def _why(number: int, key: PriorityKey, value: Value, ranking: Ranking) -> str:
    if key.first == "true":
        word = {True: "是，排在前", False: "不是", None: "未知"}[value]  # type: ignore[index]
        return f"{number}. {key.says}：{word}"
    return f"{number}. {key.says}：{_shown(value)}（{DIRECTIONS[key.first]}）"


def _shown(value: Value) -> str:
    if value is None:
        return "未知"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _asked(place: Place, ranking: Ranking) -> Sequence[str]:
    """The facts somebody can be asked for: derived ones only where nothing stands behind them."""
    given = [name for name in place.asks if name not in ranking.policy.definitions]
    return given or place.asks


def _question(name: str, ranking: Ranking) -> str:
    fact = ranking.pack.facts.get(name)
    if fact is None:
        return name
    supplier = ranking.pack.suppliers.get(fact.supplier)
    return f"{fact.label}：{fact.question}{f'（问：{supplier.who}）' if supplier else ''}"


def _order(number: int, key: PriorityKey, ranking: Ranking) -> dict[str, Any]:
    return {
        "number": number,
        "says": key.says,
        "first": DIRECTIONS[key.first],
        "rule": rule_words(ranking.pack, key.expression, ranking.priority.subject),
        "period": since(key.period) or "没有写起止",
        "cite": cited(ranking.pack, key.cite),
        "title": titles(ranking.pack, key.cite),
    }


def _frame(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    types = {"number": pl.Int64}
    return pl.DataFrame(
        {
            column.source: pl.Series([row[column.source] for row in rows], dtype=types.get(column.kind, pl.String()))
            for column in columns
            if column.source
        }
    )


def _write_csv(ranking: Ranking, out: Path) -> None:
    import csv

    from bulou.engine.basics.cells import neutral

    columns = [column for column in LINE if column.source]
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.head for column in columns])
        for line in _lines(ranking):
            writer.writerow([neutral(str(line[column.source])) for column in columns])


def as_text(ranking: Ranking) -> list[str]:
    """The list as lines for the screen."""
    lines = [f"{ranking.pack.name}：{ranking.priority.title}", _note(ranking)]
    for number, key in enumerate(ranking.keys, 1):
        dated = f"，{since(key.period)}" if since(key.period) else ""
        lines.append(f"  次序{number}：{key.says}（{DIRECTIONS[key.first]}）〔{cited(ranking.pack, key.cite)}{dated}〕")
    for line in _lines(ranking):
        tied = f"　并列 {line['tied']}" if line["tied"] else ""
        asks = f"　→ 要核实 {line['asks']}" if line["asks"] else ""
        lines.append(f"{line['rank']}　{line['subject']}{tied}　{line['why']}{asks}")
    lines += [f"不在名单　{subject}　" + "；".join(one.says for one in failed) for subject, failed in ranking.left_out]
    return lines
