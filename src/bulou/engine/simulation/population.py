"""The people a simulation or forecast is about: tables, a JSON document, a folder of fact tables or a month's folder.

Beside facts, people may have two columns that are no facts: where they live (`county`, `township`, or 县区, 乡镇).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.files import check_file
from bulou.engine.basics.months import first_day, is_month, last_day
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.document import check_document, check_settings
from bulou.engine.facts.files import is_table, kind_of, read_json, read_tables_as_document
from bulou.engine.facts.month_settings import FILE, DatedSetting, read_head, read_month_settings
from bulou.engine.facts.settings import settings_on, values_of
from bulou.engine.facts.tables import Tables, tables_of_document, tables_of_frames
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack

if TYPE_CHECKING:
    import polars as pl

AREA_COLUMNS = {
    "county": ("county", "县", "县区", "县（市、区）", "区县"),
    "township": ("township", "乡镇", "街道", "乡镇（街道）", "乡镇街道"),
}


@dataclass(frozen=True)
class Population:
    """Typed tables of the people, the rolls that are complete, the locality's settings, and where people live.

    `areas`: id, county, township of people (NULL: not known). `month` and `region` as the input says them (empty: it
    does not). `settings` are dated: of several in force the one that started last counts. `decision_day` says by which
    day a month is decided, the last or the first.
    """

    tables: Tables
    areas: pl.DataFrame
    rolls: frozenset[str]
    settings: tuple[DatedSetting, ...] = ()
    region: str = ""
    month: str = ""
    notes: tuple[Problem, ...] = field(default=())
    decision_day: str = "last"

    def settings_on(self, day: date) -> dict[str, Value]:
        """The locality's values in force on a day, by full fact name."""
        return values_of(settings_on(self.settings, day))

    @property
    def day(self) -> date | None:
        """The day by which the input's month is decided; None where it names none."""
        return self.day_of(self.month) if self.month else None

    def day_of(self, month: str) -> date:
        """The day by which a month is decided."""
        return first_day(month) if self.decision_day == "first" else last_day(month)


def region_of(paths: Sequence[Path]) -> str:
    """The region that a folder's month.toml names; empty when there is none."""
    return read_head(_newest(paths[0])).region if len(paths) == 1 and paths[0].is_dir() else ""


def read_population(paths: Sequence[Path], pack: Pack, rolls: Iterable[str] = ()) -> Population:
    """The population in files or in one folder, with its facts as `pack` declares them.

    Raises `Refused` with every problem of the input; nothing is left out or guessed.
    """
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        place = Place("、".join(map(str, paths)))
        raise Refused([Problem("several-inputs", place, "文件夹和别的输入", "一个文件夹，或一组文件", "分开运行")])
    more = check_settings(pack, None, rolls)[1]
    if folders:
        return _of_folder(_newest(folders[0]), pack, more)
    if all(path.suffix.lower() == ".parquet" for path in paths):
        return _of_parquet(paths, pack, more)
    return _of_document(paths, pack, more)


def _newest(folder: Path) -> Path:
    """The folder itself, or the newest of the months in it."""
    months = sorted(path for path in folder.iterdir() if path.is_dir() and is_month(path.name))
    return months[-1] if months and not (folder / FILE).is_file() else folder


def _of_folder(folder: Path, pack: Pack, rolls: frozenset[str]) -> Population:
    if not (folder / FILE).is_file():
        expected = f"文件夹里有 {FILE}，说明地区、月份和完整的名册"
        raise Refused([Problem("no-month-file", Place(str(folder)), f"没有 {FILE}", expected, "补上，或改写文件名")])
    head, settings = read_head(folder), read_month_settings(folder, pack)
    tables = sorted(path for path in folder.glob("*.parquet") if kind_of(path.stem))
    month = head.month or (folder.resolve().name if is_month(folder.resolve().name) else "")
    if not tables:
        return _of_month(folder, month, pack, rolls)
    found = _of_parquet(tables, pack, rolls | settings.complete)
    return replace(
        found, settings=settings.settings, region=head.region, month=month, decision_day=settings.decision_day
    )


def _of_month(folder: Path, month: str, pack: Pack, rolls: frozenset[str]) -> Population:
    """A month's folder of department spreadsheets, as `bulou month` knows it."""
    from bulou.engine.basics.problems import errors
    from bulou.engine.facts.folders import history_before
    from bulou.engine.facts.on_month import facts_on
    from bulou.engine.facts.read_month import begin_reading, read_month
    from bulou.engine.intake import read_templates

    templates, settings = read_templates(), read_month_settings(folder, pack)
    if not month:
        raise Refused([Problem("no-month", Place(str(folder)), "不知道是哪个月", "YYYY-MM", f"在 {FILE} 里写 month")])
    found = begin_reading(folder, templates, Workers()).finish()
    read = read_month(folder, month, history_before(folder, month, pack, templates), settings.complete, found)
    if errors(read.problems):
        raise Refused(read.problems)
    facts = facts_on(read.history, month, month, pack, templates)
    return Population(
        facts.tables,
        _areas_of_rolls(facts),
        facts.complete | rolls,
        settings.settings,
        read_head(folder).region,
        month,
        _data_problems(folder, len(read.problems)),
        settings.decision_day,
    )


def _data_problems(folder: Path, count: int) -> tuple[Problem, ...]:
    """What the month's own run lists one by one, said once."""
    if not count:
        return ()
    got, fix = f"表格里有 {count} 处问题", "先运行 bulou month，看 数据问题.xlsx"
    return (Problem("data-problems", Place(str(folder)), got, "没有问题的表格", fix, "note"),)


def _areas_of_rolls(facts: Any) -> pl.DataFrame:
    """County and township of people as the first roll that gives them says."""
    import polars as pl

    found = [pl.DataFrame(schema=dict.fromkeys(("id", "county"), pl.String))]
    for roll in facts.rolls:
        if "county" in roll.frame.columns:
            found.append(roll.frame.select(pl.col("person").alias("id"), pl.col("county").cast(pl.String)).drop_nulls())
    county = pl.concat(found).unique("id", keep="first", maintain_order=True)
    people: pl.DataFrame = facts.people().select(pl.col("person").alias("id"), "township")
    return people.join(county, on="id", how="left", maintain_order="left").select("id", "county", "township")


def _of_parquet(paths: Sequence[Path], pack: Pack, rolls: frozenset[str]) -> Population:
    import polars as pl

    frames: dict[str, Any] = {}
    areas = _no_areas()
    for path in paths:
        check_file(path)
        kind = kind_of(path.stem) or "people"
        if kind in frames:
            raise Refused([Problem("which-table", Place(str(path)), f"表 {kind} 重复", "每种一张", "按内容给文件命名")])
        frame = pl.read_parquet(path)
        if kind == "people":
            frame, areas = _without_areas(frame)
        frames[kind] = frame
    return Population(tables_of_frames(frames, pack), areas, rolls)


def _without_areas(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table without its area columns, and these as id, county, township."""
    import polars as pl

    named = {area: next((n for n in names if n in frame.columns), "") for area, names in AREA_COLUMNS.items()}
    used = [name for name in named.values() if name]
    if "id" not in frame.columns or not used:
        return frame, _no_areas()
    columns = [
        (pl.col(name).cast(pl.String) if name else pl.lit(None, pl.String)).alias(area) for area, name in named.items()
    ]
    return frame.drop(used), frame.select(pl.col("id").cast(pl.String), *columns)


def _no_areas() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(("id", "county", "township"), pl.String))


def _of_document(paths: Sequence[Path], pack: Pack, rolls: frozenset[str]) -> Population:
    tables = [path for path in paths if is_table(path)]
    if len(tables) not in (0, len(paths)) or (not tables and len(paths) > 1):
        place = Place("、".join(map(str, paths)))
        raise Refused([Problem("several-inputs", place, f"{len(paths)} 个输入", "一个 JSON 文档或一组表", "分开运行")])
    document = read_tables_as_document(list(paths)) if tables else read_json(paths[0])
    document, areas = _document_without_areas(document)
    checked = check_document(document, pack, "、".join(map(str, paths)), cells=bool(tables))
    given = tuple(DatedSetting(name, value, None, "") for name, value in checked.settings.items())
    return Population(tables_of_document(checked, pack), areas, checked.rolls | rolls, given)


def _document_without_areas(document: Any) -> tuple[Any, pl.DataFrame]:
    import polars as pl

    people = document.get("people") if isinstance(document, Mapping) else None
    if not isinstance(people, list):
        return document, _no_areas()
    columns = {name: area for area, names in AREA_COLUMNS.items() for name in names}
    kept, areas = [], []
    for row in people:
        if not isinstance(row, Mapping):
            kept.append(row)
            continue
        place = {
            columns[name]: str(value) for name, value in row.items() if name in columns and value not in ("", None)
        }
        areas.append({"id": _id_text(row.get("id")), "county": None, "township": None, **place})
        kept.append({name: value for name, value in row.items() if name not in columns})
    return {**document, "people": kept}, pl.DataFrame(areas, schema=_no_areas().schema)


def _id_text(raw: Any) -> str:
    """An id as the tables hold it; a spreadsheet holds short numbers as 1.0."""
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
