"""report.html: one page that needs nothing else; the template holds its form, `contents` what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.differences.month import MonthResult
from bulou.engine.report.bank import BankBatch
from bulou.engine.report.contents import contents
from bulou.engine.report.sections import Section
from bulou.engine.report.sums import Sum
from bulou.engine.report.words import month_words

if TYPE_CHECKING:
    from jinja2 import Environment

NAME = "report.html"
_HERE = Path(__file__).parent
STYLE = (_HERE / "report.css").read_text(encoding="utf-8")
"""The style of every page that Bulou writes for people to read and print."""

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{14,}[0-9Xx]?(?:B\d)?|1[3-9]\d{9})(?![0-9A-Za-z])")


def write_page(result: MonthResult, out: Path, found: Sequence[Sum], batch: BankBatch | None) -> Path:
    """Write the page of a month. `found` are its sums, `batch` the bank's files (None: a draft, nothing is paid)."""
    (out / NAME).write_text(page(result, found, batch), encoding="utf-8", newline="\n")
    return out / NAME


def page(result: MonthResult, found: Sequence[Sum], batch: BankBatch | None) -> str:
    """The whole page as text. Everything shown is escaped."""
    draft = (
        "政策是草案：下面的金额只供测算，不得发放。没有生成银行文件和公示名单。"
        if result.pack_status == "draft"
        else ""
    )
    return rendered(
        title=f"{result.region_name}{month_words(result.month)}残疾人补贴比对报告",
        intro=f"按 {result.on} 的情况判定。本页只有人数和金额，没有任何人的姓名和号码；名单在同一个文件夹的表格里。",
        english=f"Monthly comparison, {result.month}: who is due what, what is paid, and what has to be looked at.",
        draft=draft,
        sections=contents(result, found, batch),
        foot=f"不漏 Bulou {result.version} 生成。政策包 {result.pack_digest[:12]}。同样的输入生成同样的报告。",
    )


def templates_in(folder: Path, finalize: Callable[[Any], Any] | None = None) -> Environment:
    """The page templates of a folder: everything is escaped, a name that is not given is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )


def rendered(*, title: str, intro: str, english: str, draft: str, sections: Sequence[Section], foot: str) -> str:
    """A page of sections as text; `draft` is a warning in a frame under the title (empty: none)."""
    from markupsafe import Markup

    templates = templates_in(_HERE, finalize=without_numbers)
    css = Markup(STYLE)
    return templates.get_template("report.html.j2").render(
        title=title, intro=intro, english=english, draft=draft, css=css, sections=sections, foot=foot
    )


def without_numbers(value: object) -> object:
    """Hides what could be an ID, account or mobile number; only the name of a file or sheet could bring one in."""
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return _NUMBERS.sub("******", value)
    return value
