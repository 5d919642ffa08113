"""Counties (real codes and names), townships and villages (invented names: the Thousand Character Text, 'X字村')."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.synthetic.calibration import data
from bulou.engine.synthetic.draws import Array, Stream
from bulou.engine.synthetic.setting import Setting

_TOWNSHIPS = (
    "天地 玄黄 宇宙 洪荒 日月 盈昃 辰宿 列张 寒来 暑往 秋收 冬藏 闰余 成岁 律吕 调阳 云腾 致雨 露结 为霜 金生 丽水 "
    "玉出 昆冈 剑号 巨阙 珠称 夜光 果珍 李柰 菜重 芥姜 海咸 河淡 鳞潜 羽翔 龙师 火帝 鸟官 人皇 始制 文字 乃服 衣裳 "
    "推位 让国 有虞 陶唐 吊民 伐罪 周发 殷汤"
).split()
_VILLAGES = "盖此身发四大五常恭惟鞠养岂敢毁伤女慕贞洁男效才良"


@dataclass(frozen=True)
class Places:
    """Villages of a region, one entry each, with the county and township they lie in."""

    region: str
    name: str
    counties: list[dict[str, Any]]
    county: Array
    township: Array
    township_name: Array
    village: Array
    village_name: Array
    urban: Array
    weight: Array

    def county_names(self) -> dict[str, str]:
        """Code to name."""
        return {one["code"]: one["name"] for one in self.counties}


def region_codes() -> list[str]:
    """Regions that can be made."""
    return list(data("regions.toml"))


def make_places(region: str, setting: Setting) -> Places:
    """The villages of a region. Raises `Refused` for a region that is not described."""
    if region not in data("regions.toml"):
        known = "、".join(region_codes())
        raise Refused(
            [Problem("unknown-region", Place("--region"), region, f"其中之一 one of: {known}", "改正 --region")]
        )
    entry, draws = data("regions.toml")[region], setting.draws("places")
    per_township = int(setting.number("villages_per_township"))
    rows: list[tuple[str, str, str, str, str, bool]] = []
    for county in entry["counties"]:
        urban = _urban(draws, county["townships"], setting.number("urban_share"))
        for number in range(county["townships"]):
            rows += _villages_of(county["code"], number, bool(urban[number]), per_township)
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    weight = 0.3 + draws.uniform(len(rows))
    return Places(region, entry["name"], entry["counties"], *columns[:5], columns[5].astype(bool), weight)


def _urban(draws: Stream, townships: int, share: float) -> Array:
    """The first townships of a county are its streets."""
    return np.arange(townships) < np.floor(share * townships + draws.uniform(1)[0])


def _villages_of(county: str, number: int, urban: bool, count: int) -> list[tuple[str, str, str, str, str, bool]]:
    code = f"{county}{number + 1 if urban else number + 100:03d}"
    kind = "街道" if urban else "镇" if number % 3 else "乡"
    name = f"{_TOWNSHIPS[number]}{kind}"
    ending = "字社区" if urban else "字村"
    return [
        (county, code, name, f"{code}{200 + place:03d}", f"{_VILLAGES[place]}{ending}", urban) for place in range(count)
    ]
