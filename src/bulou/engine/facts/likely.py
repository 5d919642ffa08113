"""What region and month a folder seems to be about, for somebody to confirm: never taken as said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bulou.engine.basics.workers import Workers
from bulou.engine.facts.read_month import ABOUT_LAST_MONTH, REGISTER
from bulou.engine.intake import FolderReading, SheetRead, read_templates


@dataclass(frozen=True)
class Likely:
    """Region codes and the month that the files speak for, with the evidence in words; empty where they do not."""

    regions: tuple[str, ...]
    month: str
    evidence: tuple[str, ...]


def likely_head(folder: Path, regions: dict[str, str]) -> Likely:
    """Guess from titles and from the area codes of IDs. `regions` maps the codes of known packs to their names."""
    cleaned = FolderReading(folder, read_templates(), Workers()).finish().cleaned
    recognised = [one.recognised for one in cleaned]
    monthly = [one for one in recognised if one.template and one.template.id not in ABOUT_LAST_MONTH]
    months = Counter(one.month for one in monthly if one.month)
    found, evidence = _by_titles([_words(one.sheet) for one in recognised], regions)
    if not found:
        registers = [one for one in cleaned if one.kind == REGISTER]
        areas: Counter[str] = Counter()
        for register in registers:
            if "id_no" in register.frame.columns:
                areas.update(register.frame["id_no"].drop_nulls().str.slice(0, 6).to_list())
        found, evidence = _by_areas(areas, regions)
    month = months.most_common(1)[0][0] if months else ""
    said = (f"{months[month]} 份名册的标题写着 {month}",) if month else ()
    return Likely(found, month, (*evidence, *said))


def _words(sheet: SheetRead) -> str:
    cells = [cell or "" for row in sheet.grid.head(3).iter_rows() for cell in row]
    return " ".join((Path(sheet.file).stem, sheet.sheet, *cells))


def _by_titles(titles: list[str], regions: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    counts = Counter({code: sum(name in title for title in titles) for code, name in regions.items()})
    best = [code for code, count in counts.most_common() if count and count == max(counts.values())]
    return tuple(best), tuple(f"{counts[code]} 份名册写着“{regions[code]}”" for code in best)


def _by_areas(areas: Counter[str], regions: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Regions whose area code most of the register's IDs begin with; a smaller region before one that holds it."""
    whole = sum(areas.values())
    shares = {
        code: sum(count for area, count in areas.items() if area.startswith(stem)) / whole
        for code in regions
        if whole and (stem := _stem(code))
    }
    good = sorted((code for code, share in shares.items() if share > 1 / 2), key=lambda code: -len(_stem(code)))
    return tuple(good[:1]), tuple(f"名册里 {shares[code]:.0%} 的身份证号以 {_stem(code)} 开头" for code in good[:1])


def _stem(code: str) -> str:
    """The part of an area code that its places share: 620600 → 6206."""
    while code.endswith("00"):
        code = code[:-2]
    return code
