"""Values of the locality given beside the input: name=value on the command line, or a file's [settings] table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.toml_tables import read_toml
from bulou.engine.facts.month_settings import DatedSetting, settings_in
from bulou.engine.facts.values import Misfit, read_cell
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack

COMMAND_LINE = "--set"
SAID = "命令行给定的本地数值"


def read_settings(file: Path, pack: Pack) -> tuple[DatedSetting, ...]:
    """The dated values of a file's [settings] table, in the shape of month.toml. Raises `Refused` with all problems."""
    if not file.is_file():
        raise Refused([Problem("no-such-file", Place(str(file)), "没有这个文件", "写着本地设定的 TOML", "核对文件名")])
    problems: list[Problem] = []
    table = read_toml(file, str(file), problems)
    table.used |= {"region", "month", "complete", "method"}
    section = table.table("settings")
    if section is None and not problems:
        table.problem("missing-key", None, "没有 [settings]", "[settings] 表", "按 docs/month.md 的写法")
    found = settings_in(section, pack) if section else []
    table.done()
    if problems:
        raise Refused(problems)
    return tuple(found)


def settings_said(texts: Iterable[str], pack: Pack) -> tuple[DatedSetting, ...]:
    """Values said as name=value (name with or without `region.`). Raises `Refused` with all problems."""
    found: list[DatedSetting] = []
    problems: list[Problem] = []
    for text in texts:
        name, equals, raw = text.partition("=")
        fact = f"region.{name.strip().removeprefix('region.')}"
        if not equals or fact not in pack.facts:
            got, expected = text, "名字=值，名字是 region 的事实 name=value"
            problems.append(Problem("unknown-setting", Place(COMMAND_LINE), got, expected, "改正名字"))
            continue
        about = pack.facts[fact]
        try:
            value = read_cell(raw.strip(), about.type, dict(about.codes_zh))
        except Misfit as misfit:
            place = Place(COMMAND_LINE, column=fact)
            problems.append(Problem("wrong-value", place, raw, misfit.expected, misfit.fix))
        else:
            found.append(DatedSetting(fact, value, None, SAID))
    if problems:
        raise Refused(problems)
    return tuple(found)


def settings_on(settings: Iterable[DatedSetting], day: date) -> Mapping[str, DatedSetting]:
    """The setting of each fact that holds on a day: the one that began last; of equals the one said last."""
    found: dict[str, DatedSetting] = {}
    for setting in settings:
        earlier = found.get(setting.fact)
        begun = setting.start is None or setting.start <= day
        if begun and (earlier is None or (setting.start or date.min) >= (earlier.start or date.min)):
            found[setting.fact] = setting
    return found


def values_of(settings: Mapping[str, DatedSetting]) -> dict[str, Value]:
    return {name: setting.value for name, setting in settings.items() if setting.value is not None}
