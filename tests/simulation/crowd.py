"""A small pack with grades, and a crowd of people drawn from a seed, living in counties and townships."""

from __future__ import annotations

import random
import tempfile
from functools import cache
from pathlib import Path

import polars as pl

from bulou.engine.facts.tables import tables_of_frames
from bulou.engine.pack import Pack, read_pack
from bulou.engine.simulation.population import Population
from tests.packs.small_packs import write_files

PACK = {
    "pack.toml": """
region = "g"
name = "测算县"
status = "issued"

[document.doc]
title = "文件"
date = 2025-01-01
""",
    "facts.toml": """
[person.grade]
type = "int"
label = "等级"
question = "几级？"
min = 1
max = 4

[person.birth_date]
type = "date"
label = "生日"
question = "哪天生？"

[person.age]
type = "int"
label = "周岁"
question = "几岁？"
min = 0
max = 150
derive = "full_years(person.birth_date, decision.day)"

[person.elder]
type = "bool"
label = "老人"
question = "满六十了吗？"
derive = "person.age >= 60"

[person.expires]
type = "date"
label = "证件到期日"
question = "哪天到期？"

[person.care]
type = "bool"
label = "需要照护"
question = "需要照护吗？"

[household.several_disabled]
type = "bool"
label = "多残"
question = "几个？"
derive = "at_least_members(2, person.grade <= 4)"

[household.has_disabled]
type = "bool"
label = "有残疾人"
question = "有吗？"
derive = "any_member(person.grade <= 4)"

[region.rate]
type = "money"
label = "护理标准"
question = "多少？"

[region.offers_old]
type = "bool"
label = "开办高龄"
question = "开办吗？"
absent = "false"
""",
    "parameters.toml": """
[rate]
unit = "元/月"
set_by = "县"

[[rate.values]]
from = 2025-01-01
to = 2025-10-01
value = "100.00"
cite = "doc"

[[rate.values]]
from = 2025-10-01
value = "110.00"
cite = "doc"
""",
    "programmes.toml": """
[subsidy]
name = "护理补贴"
subject = "person"
gives = "cash"
force = "must"
period = "month"
amount = "region.rate"
cite = "doc"

[subsidy.when.grade]
test = "person.grade <= 2"
says = "一级或二级"
cite = "doc"

[subsidy.when.care]
test = "person.care"
says = "需要照护"
cite = "doc"

[subsidy.when.valid]
test = "person.expires >= decision.day"
says = "持有有效的残疾人证"
cite = "doc"

[old_age]
name = "高龄补贴"
subject = "person"
gives = "cash"
force = "may"
period = "year"
amount = "600"
switch = "region.offers_old"
cite = "doc"

[old_age.when.old]
test = "person.elder"
says = "满六十周岁"
cite = "doc"
""",
}


GIVES_WAY = """
[help]
name = "临时帮助"
subject = "person"
gives = "service"
force = "must"
not_with = ["subsidy"]
cite = "doc"

[help.when.care]
test = "person.care"
says = "需要照护"
cite = "doc"
"""
"""A programme more, for those who are not due the subsidy."""


def write_pack(folder: Path) -> None:
    """The pack under `folder/g`."""
    write_files(folder / "g", PACK)


@cache
def pack() -> Pack:
    """The pack, read once."""
    with tempfile.TemporaryDirectory() as folder:
        write_pack(Path(folder))
        return read_pack("g", [Path(folder)])


def crowd(seed: int, size: int = 150) -> tuple[Pack, Population]:
    """The pack and a crowd in three counties of three townships, half of the care needs unknown."""
    rng = random.Random(seed)
    people = pl.DataFrame(
        {
            "id": [f"p{i}" for i in range(size)],
            "household": [f"h{rng.randrange(size // 2)}" for _ in range(size)],
            "grade": [rng.choice([None, 1, 2, 3, 4, 4]) for _ in range(size)],
            "care": [rng.choice([None, True, True, False]) for _ in range(size)],
            "expires": [rng.choice([None, "2026-01-01", "2020-01-01", "2030-01-01"]) for _ in range(size)],
        },
        schema_overrides={"grade": pl.Int64, "care": pl.Boolean},
    ).with_columns(pl.col("expires").str.to_date())
    county = [rng.choice("甲乙丙") + "县" for _ in range(size)]
    township = [rng.choice("东西南") + "乡" for _ in range(size)]
    areas = pl.DataFrame({"id": people["id"], "county": county, "township": township})
    return pack(), Population(tables_of_frames({"people": people}, pack()), areas, frozenset())
