"""From files and options to a population, a pack and a day; shared by simulations and forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bulou.engine.basics.files import TABLE_ENDINGS
from bulou.engine.basics.problems import Place, Problem, Refused, refuse_errors
from bulou.engine.pack import Pack, read_pack
from bulou.engine.simulation.population import Population, read_population, region_of


@dataclass(frozen=True)
class Start:
    """What both look ahead from: the people, their pack, and the day whose facts they are."""

    pack: Pack
    population: Population
    on: date


def start_from(
    files: Sequence[Path],
    *,
    region: str = "",
    on: date | None = None,
    packs: Sequence[Path] = (),
    rolls: Iterable[str] = (),
    besides: Pack | None = None,
) -> Start:
    """Read the pack and the people. Facts of the pack `besides` may stand in the tables too.

    Raises `Refused` when the region or the day cannot be told, and for everything wrong with the input.
    """
    _are_there(files)
    region = region or region_of(files)
    if not region:
        fix = "加 --region，或在 month.toml 里写 region"
        raise Refused([Problem("no-region", Place("--region"), "不知道是哪个地区", "地区代码", fix)])
    pack = read_pack(region, packs)
    refuse_errors(pack.problems)
    population = read_population(files, _with_facts_of(pack, besides), rolls)
    day = on or population.day
    if day is None:
        fix = "加 --on YYYY-MM-DD"
        raise Refused([Problem("no-day", Place("--on"), "不知道判定日", "哪一天的事实和政策", fix)])
    return Start(pack, population, day)


def _are_there(files: Sequence[Path]) -> None:
    known = "、".join((".json", *TABLE_ENDINGS))
    refuse_errors(
        Problem("no-such-file", Place(str(path)), "没有这个文件或文件夹", f"文件夹，或 {known} 文件", "核对路径")
        for path in files
        if not path.exists()
    )


def _with_facts_of(pack: Pack, other: Pack | None) -> Any:
    """The pack that declares the facts of both; refused where they hold a fact in different types."""
    from dataclasses import replace

    if other is None:
        return pack
    refuse_errors(other.problems)
    differing = [
        Problem(
            "fact-of-two-types",
            Place(name),
            f"{other.region}：{other.facts[name].type.type}",
            f"{pack.region}：{fact.type.type}",
            "两个地区包对同一事实的类型不同，先统一 make the types agree",
        )
        for name, fact in pack.facts.items()
        if name in other.facts
        and (other.facts[name].type.kind, other.facts[name].type.decimals) != (fact.type.kind, fact.type.decimals)
    ]
    refuse_errors(differing)
    return replace(pack, facts={**other.facts, **pack.facts}, suppliers={**other.suppliers, **pack.suppliers})
