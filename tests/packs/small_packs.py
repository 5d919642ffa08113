"""A small pack without a fault, and ways to spoil it; the line of the fault is marked with `# HERE`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bulou.engine.basics.problems import Problem
from bulou.engine.pack import read_pack
from bulou.engine.pack.check import check_pack

GOOD = {
    "pack.toml": """
region = "t"
name = "试点"
status = "issued"

[document.doc]
title = "关于补贴的文件"
number = "试发〔2025〕1号"
date = 2025-01-15
""",
    "facts.toml": """
[supplier.dibao_roll]
label = "低保名册"
who = "民政"

[person.dibao]
type = "bool"
label = "低保对象"
question = "是低保对象吗？"
supplier = "dibao_roll"
absent = "false_if_roll_complete"

[person.age]
type = "int"
label = "周岁"
question = "几岁？"
min = 0
max = 150

[person.category]
type = "code"
label = "残疾类别"
question = "哪一类？"
codes = { vision = "视力", hearing = "听力", none = "无" }

[household.n_dibao]
type = "int"
label = "低保人数"
question = "几个人？"
derive = "count_members(person.dibao)"

[household.income]
type = "money"
label = "收入"
question = "多少？"

[region.standard]
type = "money"
label = "标准"
question = "多少？"

[region.level]
type = "code"
label = "层级"
question = "哪一级？"
codes = { county = "县", city = "市" }

[region.offers_extra]
type = "bool"
label = "开办"
question = "开办了吗？"
""",
    "parameters.toml": """
[standard]
unit = "元/月"
set_by = "县"

[[standard.values]]
from = 2025-01-01
to = 2026-01-01
value = 100
cite = "doc 二"

[[standard.values]]
from = 2026-01-01
value = "110.50"
cite = "doc 二"
""",
    "programmes.toml": """
[subsidy]
name = "补贴"
subject = "person"
gives = "cash"
force = "must"
period = "month"
amount = "region.standard"
cite = "doc 二"
covers = ["R1"]

[subsidy.when.poor]
test = "person.dibao"
says = "低保对象"
cite = "doc 二"

[subsidy.unless.young]
test = "person.age < 18"
says = "未成年"
cite = "doc 三"

[extra]
name = "加发"
subject = "person"
gives = "service"
force = "may"
switch = "region.offers_extra"
cite = "doc 四"

[extra.when.old]
test = "person.age >= 70"
says = "满七十周岁"
cite = "doc 四"
""",
    "rules.toml": """
[R1]
clause = "二"
about = "补贴"

[R2]
clause = "五"
about = "宣传"
not_computable = "没有可核对的事实"
""",
}


def write(folder: Path, **changes: str) -> None:
    """The good pack under `folder/t`; a keyword is a file (`programmes` is programmes.toml) and its whole text,
    or with a plus sign in front the text to add."""
    files = dict(GOOD)
    for name, text in changes.items():
        file = name.replace("__", "/") + ".toml"
        files[file] = files.get(file, "") + text.removeprefix("+") if text.startswith("+") else text
    write_files(folder / "t", files)


def write_files(target: Path, files: Mapping[str, str]) -> None:
    """A pack's files, by name, in its folder."""
    for file, text in files.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text, encoding="utf-8")


def problems_of(folder: Path) -> list[Problem]:
    return [problem for problem in check_pack(read_pack("t", [folder])) if problem.severity == "error"]


def marked(folder: Path) -> tuple[str, int]:
    """File and line of the one mark in the pack."""
    found = [
        (f"t/{file.relative_to(folder / 't').as_posix()}", number)
        for file in sorted((folder / "t").rglob("*.toml"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if "# HERE" in line
    ]
    assert len(found) == 1, found
    return found[0]
