"""Counties (real codes and names), townships and villages (invented names: the Thousand Character Text, 'X字村')."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.synthetic.calibration import data
from bulou.engine.synthetic.draws import Array, Stream
from bulou.engine.synthetic.setting import Setting

_TEXT = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号"
    "巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳推位让国有虞陶唐吊民伐罪"
    "周发殷汤"
)
_TOWNSHIPS = [_TEXT[place : place + 2] for place in range(0, len(_TEXT), 2)]
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
    for one in entry["counties"]:
        streets = _urban(draws, one["townships"], setting.number("urban_share"))
        for number in range(one["townships"]):
            rows += _villages_of(one["code"], number, bool(streets[number]), per_township)
    county, township, township_name, village, village_name, urban = _columns(rows)
    weight = 0.3 + draws.uniform(len(rows))
    return Places(
        region=region,
        name=entry["name"],
        counties=entry["counties"],
        county=county,
        township=township,
        township_name=township_name,
        village=village,
        village_name=village_name,
        urban=urban.astype(bool),
        weight=weight,
    )


def _columns(rows: list[tuple[str, str, str, str, str, bool]]) -> list[Array]:
    return [np.array(column, dtype=object) for column in zip(*rows, strict=True)]


def _urban(draws: Stream, townships: int, share: float) -> Array:
    """The first townships of a county are its streets."""
    return np.asarray(np.arange(townships) < np.floor(share * townships + draws.uniform(1)[0]))


def _villages_of(county: str, number: int, urban: bool, count: int) -> list[tuple[str, str, str, str, str, bool]]:
    code = f"{county}{number + 1 if urban else number + 100:03d}"
    kind = "街道" if urban else "镇" if number % 3 else "乡"
    name = f"{_TOWNSHIPS[number]}{kind}"
    ending = "字社区" if urban else "字村"
    return [
        (county, code, name, f"{code}{200 + place:03d}", f"{_VILLAGES[place]}{ending}", urban) for place in range(count)
    ]
