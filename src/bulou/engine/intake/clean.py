"""Cleans a recognised sheet: reads every cell, gives every row a fate, loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Refused
from bulou.engine.intake.checks import doubts_of
from bulou.engine.intake.cleaned import ACCEPTED, FURNITURE, REFUSED, REPAIRED, Cleaned
from bulou.engine.intake.columns import in_words, read_column
from bulou.engine.intake.furniture import furniture
from bulou.engine.intake.ids import settle_ids
from bulou.engine.intake.recognise import Recognised
from bulou.engine.intake.repeats import identical_rows, repeated_rows
from bulou.engine.intake.templates import Field, Template

if TYPE_CHECKING:
    import polars as pl

NOT_FILLED = ("money", "int")
"""Kinds whose value belongs to a merged block as a whole and must not be given to each of its rows."""


def clean(recognised: Recognised) -> Cleaned:
    """The cleaned rows of a sheet whose kind is known. Raises `Refused` with the sheet's problems otherwise."""
    if recognised.template is None:
        raise Refused(recognised.problems)
    return _Cleaning(recognised, recognised.template).cleaned()


class _Cleaning:
    def __init__(self, recognised: Recognised, template: Template) -> None:
        import polars as pl

        self.recognised, self.template, self.sheet = recognised, template, recognised.sheet
        self.furniture = furniture(recognised)
        self.raw = (
            self._filled().with_row_index("row", offset=1).filter(~(pl.col("row") - 1).is_in(list(self.furniture)))
        )
        self.rows = self.raw.select("row")
        self.found: list[pl.DataFrame] = []
        self.repaired: list[pl.DataFrame] = []
        self.spelled: list[pl.DataFrame] = []
        self.faults: dict[str, pl.Series] = {}

    def cleaned(self) -> Cleaned:
        self._read_columns()
        self._set_titled()
        self._complete_ids()
        self._settle_birth_months()
        self._require()
        self._doubt()
        findings, repairs = self._findings(), self._repairs()
        rows = self._with_fates(findings, repairs)
        rows, repairs, repeated = self._without_repeats(rows, repairs)
        findings = _stack([findings, repeated]).sort("row", maintain_order=True)
        fates = self._fates(rows, findings, repairs)
        spellings = _stack([_no_spellings(), *self.spelled])
        problems = self.recognised.problems
        return Cleaned(self.recognised, rows, fates, repairs, findings, spellings, problems)

    def _filled(self) -> pl.DataFrame:
        """The grid with cells merged over several rows of data repeated in each row (amounts are not)."""
        import polars as pl

        grid, layout = self.sheet.grid, self.recognised.layout
        assert layout is not None
        values: dict[str, list[str | None]] = {}
        for merge in self.sheet.merges:
            if merge.top == merge.bottom or merge.top <= layout.last or merge.left >= grid.width:
                continue
            letter = grid.columns[merge.left]
            field = self._field(letter)
            if field and field.kind not in NOT_FILLED:
                cells = values.setdefault(letter, grid[letter].to_list())
                for row in range(merge.top + 1, min(merge.bottom + 1, grid.height)):
                    cells[row] = cells[merge.top]
        return grid.with_columns(pl.Series(letter, cells, dtype=pl.String) for letter, cells in values.items())

    def _field(self, letter: str) -> Field | None:
        name = self.recognised.columns.get(letter)
        return self.template.fields[name] if name else None

    def _heading(self, letter: str) -> str:
        return self.recognised.heading(letter).text if letter else ""

    def _about(self, field: str) -> list[pl.Expr]:
        import polars as pl

        letter = self.recognised.letter(field) or ""
        named = {"letter": letter, "heading": self._heading(letter), "field": field}
        return [pl.lit(text).alias(name) for name, text in named.items()]

    def _read_columns(self) -> None:
        for letter, name in self.recognised.columns.items():
            field = self.template.fields[name]
            read = read_column(self.raw[letter], field)
            self.rows = self.rows.with_columns(read["value"].alias(name))
            if field.kind in ("text", "serial"):
                continue
            self.faults[name] = read["fault"]
            self._note(name, letter, read)

    def _note(self, name: str, letter: str, read: pl.DataFrame) -> None:
        """Keep the repairs, spellings and unreadable cells of a column."""
        import polars as pl

        marks = pl.any_horizontal(pl.col("repair", "spelling", "fault").is_not_null())
        beside = read.with_columns(self.raw["row"], self.raw[letter].alias("from")).filter(marks)
        if beside.is_empty():
            return
        self._repair(name, beside.filter(pl.col("repair").is_not_null()), pl.col("repair"))
        spelled = beside["spelling"].drop_nulls().value_counts(sort=True)
        counted = spelled.select(*self._about(name), pl.col("spelling").alias("code"), pl.col("count").alias("rows"))
        self.spelled.append(counted)
        if name not in self._identifying():
            unknown = beside.filter(pl.col("fault").is_not_null())
            self._find(name, unknown.with_columns(got="from", code="fault"), "unknown")
            self._repair(name, unknown, pl.lit("unknown"))

    def _repair(self, field: str, rows: pl.DataFrame, code: pl.Expr) -> None:

        to = in_words(self.template.fields.get(field)).alias("to")
        self.repaired.append(rows.select("row", *self._about(field), "from", to, code.alias("code")))

    def _find(self, field: str, rows: pl.DataFrame, weight: str) -> None:
        """Findings of a field; `rows` hold row, got, code."""
        import polars as pl

        self.found.append(rows.select("row", *self._about(field), "got", "code", pl.lit(weight).alias("weight")))

    def _identifying(self) -> set[str]:
        """Fields whose unreadable cell refuses the row: what is required without another choice, and the ID."""
        needs = self.template.required
        return {need for need in needs if "|" not in need} | {"id_no" for need in needs if "id_no" in need.split("|")}

    def _set_titled(self) -> None:
        import polars as pl

        titled = [pl.lit(code).alias(name) for name, code in self.recognised.titled.items()]
        self.rows = self.rows.with_columns(titled)

    def _complete_ids(self) -> None:
        """The ID of each row, where the roll is about persons: also from the certificate number (see `ids`)."""
        import polars as pl

        if not any("id_no" in need.split("|") for need in self.template.required):
            return
        none = pl.lit(None, dtype=pl.String)
        letter, faults = self.recognised.letter("id_no"), self.faults.get("id_no")
        own = [none.alias(name) for name in ("id_no", "cert_no") if name not in self.rows.columns]
        came = (self.raw[letter] if letter else none).alias("from")
        cells = self.rows.with_columns(*own, came, (none if faults is None else faults).alias("fault"))
        settled = settle_ids(cells)
        self.rows = self.rows.with_columns(settled["id_no"])
        self.faults["id_no"] = settled["fault"]
        beside = cells.select("row", "from").with_columns(*settled, pl.lit("id-may-be-cut").alias("code"))
        if letter:
            self._repair("id_no", beside.filter("filled").with_columns(value="id_no"), pl.lit("id-from-cert"))
        self._find("id_no", beside.filter("may_be_cut").with_columns(got="from"), "doubt")

    def _settle_birth_months(self) -> None:
        """A birth month without its day takes the day from the ID when year and month agree: no repair needed."""
        import polars as pl

        if not {"birth_date", "id_no"} <= set(self.rows.columns):
            return
        born = pl.col("id_no").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
        repairs = [frame for frame in self.repaired if frame.height and frame["field"][0] == "birth_date"]
        month_only = [r for frame in repairs for r in frame.filter(pl.col("code") == "date-month-only")["row"]]
        agrees = pl.col("row").is_in(month_only) & (born.dt.month_start() == pl.col("birth_date")).fill_null(False)
        settled = set(self.rows.filter(agrees)["row"])
        self.rows = self.rows.with_columns(pl.when(agrees).then(born).otherwise("birth_date").alias("birth_date"))
        for place, frame in enumerate(self.repaired):
            if settled and frame.height and frame["field"][0] == "birth_date":
                change = pl.col("row").is_in(list(settled)) & (pl.col("code") == "date-month-only")
                day = frame.join(self.rows.select("row", "birth_date"), on="row", how="left", maintain_order="left")
                self.repaired[place] = day.with_columns(
                    pl.when(change).then(pl.col("birth_date").cast(pl.String)).otherwise("to").alias("to"),
                    pl.when(change).then(pl.lit("birth-from-id")).otherwise("code").alias("code"),
                ).drop("birth_date")

    def _require(self) -> None:
        """Refuse rows in which a required field has no value, each with its own reason.

        A person without a name is still known by the ID: a doubt, no refusal.
        """
        import polars as pl

        for need in self.template.required:
            if need == "name":
                continue
            names = [name for name in need.split("|") if name in self.rows.columns]
            field = "id_no" if "id_no" in names else names[0] if names else need.split("|")[0]
            tested = ["id_no"] if "id_no" in names else names
            met = pl.any_horizontal(pl.lit(False), *[pl.col(name).is_not_null() for name in tested])
            letter = self.recognised.letter(field)
            empty = "id-missing" if field == "id_no" else "required-empty"
            if not letter and not names:
                empty = "no-such-column"
            faults = self.faults.get(field)
            code = pl.lit(empty) if faults is None else pl.coalesce(faults, pl.lit(empty))
            got = self.raw[letter] if letter else pl.lit(None, dtype=pl.String)
            columns = ["row", got.alias("got"), code.alias("code"), met.alias("met")]
            self._find(field, self.rows.select(columns).filter(~pl.col("met")), "refused")

    def _doubt(self) -> None:
        import polars as pl

        for code, (field, test) in doubts_of(set(self.rows.columns)).items():
            letter = self.recognised.letter(field)
            got = self.raw[letter] if letter else pl.lit(None, dtype=pl.String)
            doubted = self.rows.with_columns(test.alias("doubted"), got.alias("got"), pl.lit(code).alias("code"))
            self._find(field, doubted.filter("doubted"), "doubt")
        for field, rows in self._merged_amounts():
            letter = self.recognised.letter(field)
            assert letter is not None
            shared = self.raw.filter(pl.col("row").is_in(rows))
            self._find(field, shared.with_columns(got=pl.col(letter), code=pl.lit("merged-amount")), "doubt")

    def _merged_amounts(self) -> Iterable[tuple[str, list[int]]]:
        layout = self.recognised.layout
        assert layout is not None
        for merge in self.sheet.merges:
            if merge.bottom > merge.top > layout.last and merge.left < self.sheet.grid.width:
                field = self._field(self.sheet.grid.columns[merge.left])
                if field and field.kind in NOT_FILLED:
                    yield field.id, list(range(merge.top + 1, merge.bottom + 2))

    def _findings(self) -> pl.DataFrame:
        """All findings; a cell that refuses its row is not also said to be unknown."""
        import polars as pl

        found = _stack([_no_findings(), *self.found])
        refusing = found.filter(pl.col("weight") == "refused").select("row", "field", weight=pl.lit("unknown"))
        return found.join(refusing, on=["row", "field", "weight"], how="anti", maintain_order="left")

    def _repairs(self) -> pl.DataFrame:
        return _stack([_no_repairs(), *self.repaired])

    def _with_fates(self, findings: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        refused = findings.filter(pl.col("weight") == "refused")["row"].unique()
        touched = repairs["row"].unique()
        fate = (
            pl.when(pl.col("row").is_in(refused.to_list()))
            .then(pl.lit(REFUSED))
            .when(pl.col("row").is_in(touched.to_list()))
            .then(pl.lit(REPAIRED))
            .otherwise(pl.lit(ACCEPTED))
        )
        fields = [name for name in self.rows.columns if name not in ("row", "serial")]
        same_as = pl.lit(None, dtype=pl.UInt32).alias("same_as")
        return self.rows.select("row", fate.alias("fate"), same_as, *fields)

    def _without_repeats(
        self, rows: pl.DataFrame, repairs: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Identical rows point to their first (where the roll allows it); other repeats become doubts."""
        import polars as pl

        unread = [letter for letter in self.sheet.grid.columns if letter not in self.recognised.columns]
        usable = rows.filter(pl.col("fate") != REFUSED).join(self.raw.select("row", *unread), on="row", how="left")
        merged = identical_rows(usable, self.template)
        rows = rows.drop("same_as").join(merged, on="row", how="left", maintain_order="left")
        rows = rows.select("row", "fate", "same_as", pl.exclude("row", "fate", "same_as"))
        was = pl.col("same_as").is_not_null()
        rows = rows.with_columns(pl.when(was).then(pl.lit(REPAIRED)).otherwise("fate").alias("fate"))
        note = merged.select("row", value=pl.format("第{}行", "same_as"), **{"from": pl.lit(None, dtype=pl.String)})
        self.repaired = [repairs]
        self._repair("", note, pl.lit("merged-row"))
        self.found = []
        doubts = repeated_rows(rows.filter(pl.col("fate") != REFUSED, pl.col("same_as").is_null()), self.template)
        for field, doubted in doubts:
            self._find(field, doubted, "doubt")
        return rows, self._repairs().sort("row", maintain_order=True), self._findings()

    def _fates(self, rows: pl.DataFrame, findings: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
        import polars as pl

        refused = findings.filter(pl.col("weight") == "refused").select("row", "code")
        changed = repairs.select("row", "code").join(refused, on="row", how="anti")
        codes = pl.concat([refused, changed]).group_by("row").agg(pl.col("code").unique(maintain_order=True))
        what = codes.select("row", pl.col("code").list.join(" ").alias("what"))
        data = rows.select("row", "fate").join(what, on="row", how="left")
        other = pl.DataFrame(
            {"row": [row + 1 for row in self.furniture], "what": list(self.furniture.values())},
            schema={"row": pl.UInt32, "what": pl.String},
        )
        other = other.select("row", pl.lit(FURNITURE).alias("fate"), "what")
        return pl.concat([data.with_columns(pl.col("row").cast(pl.UInt32)), other]).sort("row")


def _stack(frames: list[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    return pl.concat(frames, how="vertical_relaxed")


def _no_repairs() -> pl.DataFrame:
    import polars as pl

    text = dict.fromkeys(("letter", "heading", "field", "from", "to", "code"), pl.String())
    return pl.DataFrame(schema={"row": pl.UInt32(), **text})


def _no_spellings() -> pl.DataFrame:
    import polars as pl

    text = dict.fromkeys(("letter", "heading", "field", "code"), pl.String())
    return pl.DataFrame(schema={**text, "rows": pl.UInt32()})


def _no_findings() -> pl.DataFrame:
    import polars as pl

    text = dict.fromkeys(("letter", "heading", "field", "got", "code", "weight"), pl.String())
    return pl.DataFrame(schema={"row": pl.UInt32(), **text})
