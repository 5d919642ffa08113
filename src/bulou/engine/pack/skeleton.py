"""A first draft of a pack from a plan document: what the document quantifies, as indicators and open questions.

Nothing is decided here: no programme, no condition, no amount. A person finishes the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.pack import model as m
from bulou.engine.pack.speaking import speaking_clauses
from bulou.engine.plan.clauses import chapters_looking_back, own_clauses
from bulou.engine.plan.comparison import region_of
from bulou.engine.plan.model import Duty, Figure, Plan, Value
from bulou.engine.plan.numbering import number

_REGION = re.compile(r"^[A-Za-z0-9_-]+$")
_TOKENS = re.compile(r"专栏|[序表—#]|[〇零一二两三四五六七八九十百]+|\d+")
_NAMES = {"专栏": "box", "表": "table", "—": "d", "#": "x", "序": "0"}
_TO_DO = "骨架里还没有写分子和分母，由完成地区包的人补。"


@dataclass(frozen=True)
class Open:
    """A clause that promises or sets figures: one rule, one open question."""

    id: str
    clause: str
    title: str
    line: int
    last_line: int
    figures: tuple[Figure, ...]
    units: str


@dataclass(frozen=True)
class Skeleton:
    """The files of a drafted pack by name, and what they hold, counted."""

    region: str
    files: Mapping[str, str]
    questions: int
    indicators: int


def draft_skeleton(plan: Plan, region: str, parent: m.Pack) -> Skeleton:
    """The text of every file of a first pack for `region`, which extends `parent`. Raises `Refused`."""
    if not _REGION.match(region):
        expected = "行政区划代码，如 640202"
        raise Refused([Problem("no-region-code", Place(), region, expected, "写地区代码")])
    document = f"{region}-{'plan' if plan.facts.status == 'issued' else 'draft'}"
    found = open_clauses(plan, region)
    files = {
        "pack.toml": _pack_toml(plan, region, document, parent.region),
        "rules.toml": _rules_toml(plan, region, found),
        "indicators.toml": _indicators_toml(plan, region, document),
        "questions.toml": _questions_toml(document, found),
        "README.md": _to_do_list(plan, region, found, parent),
    }
    return Skeleton(region, files, len(found), len(plan.indicators))


def write_skeleton(skeleton: Skeleton, folder: Path) -> Path:
    """Write the files into `folder`/<region>, which must not exist yet. Raises `Refused`."""
    target = folder / skeleton.region
    if target.exists():
        expected = "还没有的文件夹 a new folder"
        raise Refused(
            [Problem("pack-exists", Place(str(target)), "已经有这个文件夹", expected, "换 --out，或先移走它")]
        )
    target.mkdir(parents=True)
    for name, text in skeleton.files.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def open_clauses(plan: Plan, region: str) -> list[Open]:
    """The clauses with targets or conditions in figures, table rows and chapters that look back left out."""
    past = chapters_looking_back(plan)
    duties = {duty.section: duty for duty in plan.duties}
    found = []
    for clause in own_clauses(plan):
        figures = tuple(
            figure
            for figure in plan.figures
            if figure.section == clause.id and figure.role in ("target", "condition") and clause.id[0] not in past
        )
        if figures and clause.row is None:
            title = clause.title or "（没有标题）"
            lines = max(line for _, line in clause.body.starts)
            id = rule_id(region, clause.id)
            found.append(Open(id, clause.id, title, clause.line, lines, figures, _units(duties.get(clause.id))))
    return found


def rule_id(region: str, clause: str) -> str:
    """A name for a clause in letters and digits: 三(二)4 is 640202-3-2-4, 专栏2一5 is 640202-box-2-1-5."""
    tokens = _TOKENS.findall(clause)
    return "-".join([region, *(_NAMES.get(token) or str(number(token) or token) for token in tokens)])


def _units(duty: Duty | None) -> str:
    if duty is None:
        return ""
    parts = (("牵头", duty.lead), ("责任", duty.joint), ("参与", duty.participating))
    return "；".join(f"{kind}：{'、'.join(units)}" for kind, units in parts if units)


# The files


def _pack_toml(plan: Plan, region: str, document: str, extends: str) -> str:
    facts = plan.facts
    status = facts.status or "draft"
    name = region_of(plan).removesuffix("（征求意见稿）")
    lines = [f"region = {_text(region)}", f"name = {_text(name)}", f"extends = {_text(extends)}"]
    lines += [f"status = {_text(status)}", "", f"[document.{document}]", f"title = {_text(facts.title or plan.file)}"]
    lines += [f"number = {_text(facts.number)}"] if facts.number else []
    lines += [f"issuer = {_text(facts.issuer)}"] if facts.issuer else []
    lines += [f"date = {facts.issued.isoformat()}"] if facts.issued else []
    if facts.status is None:
        lines.append(f"note = {_text('文件没有说明是不是已经印发，先按征求意见稿看')}")
    return "\n".join(lines) + "\n"


def _rules_toml(plan: Plan, region: str, found: Iterable[Open]) -> str:
    tables = [
        _table(
            one.id,
            clause=_text(one.clause),
            lines=_text(f"{one.line}-{one.last_line}" if one.last_line > one.line else str(one.line)),
            about=_text(f"{one.title}：{_printed(one.figures)}"),
        )
        for one in found
    ]
    tables += [
        _table(
            rule_id(region, row.section),
            clause=_text(row.section),
            lines=_text(str(row.line)),
            about=_text(f"指标{row.no} {row.name}"),
        )
        for row in plan.indicators
    ]
    return "# 文件里写有数字的条款，一条一个。生成的代号可以改；拆成几条规则时各写各的。\n\n" + "\n".join(tables)


def _indicators_toml(plan: Plan, region: str, document: str) -> str:
    tables = [
        _table(
            f"indicator_{row.no}",
            no=str(row.no),
            name=_text(row.name),
            unit=_text(row.unit) if row.unit else None,
            baseline=_value(row.baseline),
            target=_value(row.target),
            nature=_text(row.nature) if row.nature else None,
            not_computable=_text(_TO_DO),
            cite=_text(f"{document} {row.section}"),
            covers=_list([rule_id(region, row.section)]),
        )
        for row in plan.indicators
    ]
    head = "# 指标表照印本；没有印比较符的不写 comparator。分子、分母由完成地区包的人写。\n\n"
    return head + "\n".join(tables or ["# 文件没有指标表；正文里的目标见 questions.toml。\n"])


def _value(value: Value | None) -> str | None:
    """A cell as an inline table; nothing where nothing is set or could be read."""
    if value is None or value.value is None:
        return None
    year = f"year = {value.year}, " if value.year else ""
    if isinstance(value.value, str):
        step = 'comparator = "in_step_with", ' if "同步" in value.value else ""
        return f"{{ {year}{step}value = {_text(value.value)} }}"
    comparator = f"comparator = {_text(_ASCII.get(value.comparator, value.comparator))}, " if value.comparator else ""
    high = f", high = {_text(_plain(value.high))}" if value.high is not None else ""
    return f"{{ {year}{comparator}value = {_text(_plain(value.value))}{high} }}"


_ASCII = {"＞": ">", "≥": ">=", "＜": "<", "≤": "<=", "以上": ">=", "及以上": ">=", "不低于": ">=", "不少于": ">="}


def _questions_toml(document: str, found: Iterable[Open]) -> str:
    tables = []
    for one in found:
        says = f"“{one.title}”写到{_printed(one.figures)}：这是项目、职责、比例还是流程？给谁、由谁、从哪天起？"
        if one.units:
            says += f"（{one.units}）"
        tables.append(
            _table(f"open-{one.id}", says=_text(says), cite=_text(f"{document} {one.clause}"), covers=_list([one.id]))
        )
    head = "# 每条写有数字的条款先当一个没有定的问题；写成项目、职责、比例或流程以后，把这里的同一条删去。\n\n"
    return head + "\n".join(tables)


def _to_do_list(plan: Plan, region: str, found: list[Open], parent: m.Pack) -> str:
    return "\n".join(
        [
            f"# {region_of(plan)}：还要人做的事",
            "",
            f"由《{plan.facts.title or plan.file}》（{plan.file}）生成。没有写进任何条件和金额；文件没有说的，不要补。",
            "",
            f"## 1. 定下 {len(found)} 条有数字的条款是什么",
            "",
            "项目写进 programmes，职责和比例写进 duties，时限写进 processes；写好一条，在 questions.toml 删一条。",
            "",
            *(f"- [ ] {one.clause} 第{one.line}行 {one.title}：{_printed(one.figures)}" for one in found),
            "",
            f"## 2. 核对从 {parent.region} 继承的 {len(parent.programmes)} 个项目",
            "",
            "条款是按项目名里的字找的，只供查找；要人读过才算。没有找到的不等于文件没有说。",
            "",
            *_inherited(plan, parent),
            "",
            f"## 3. 给 {len(plan.indicators)} 个指标写分子和分母",
            "",
            *(f"- [ ] {row.section} {row.name}" for row in plan.indicators),
            "",
            f"## 4. 读文件时存疑的 {len(plan.problems)} 处",
            "",
            *(
                f"- [ ] 第{one.place.line or '?'}行 {one.got}（应为 {one.expected}）；{one.fix}"
                for one in plan.problems
            ),
            "",
            f"检查：`bulou pack check {region} --packs .`　对照文件：`bulou plan check {region} {plan.file} --packs .`",
            "",
        ]
    )


def _inherited(plan: Plan, parent: m.Pack) -> Iterator[str]:
    for programme in parent.programmes.values():
        clauses = speaking_clauses(programme.title, plan)
        where = "；".join(f"{clause.id} 第{clause.line}行 {clause.title}" for clause in clauses) or "没有找到"
        yield f"- [ ] {programme.name} {programme.title}：{where}"


def _printed(figures: Iterable[Figure]) -> str:
    return "、".join(dict.fromkeys(figure.printed for figure in figures))


def _table(header: str, /, **lines: str | None) -> str:
    kept = [f"{key} = {value}" for key, value in lines.items() if value is not None]
    return "\n".join([f"[{header}]", *kept]) + "\n"


def _text(text: str | None) -> str:
    return json.dumps(text or "", ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: list[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"


def _plain(value: Decimal | None) -> str:
    text = f"{value:f}" if value is not None else ""
    return text.rstrip("0").rstrip(".") if "." in text else text
