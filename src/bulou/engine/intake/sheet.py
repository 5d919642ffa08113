"""A sheet exactly as it came: every cell as text, nothing mended yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import column_letters
from bulou.engine.basics.problems import Place

if TYPE_CHECKING:
    import polars as pl

EXACT_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; the rest of a longer number is lost."""
CHUNK = 8192


@dataclass(frozen=True)
class Merge:
    """A merged block: rows and columns from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class SheetRead:
    """One sheet of one file.

    `cells` are the grid, or the grid packed. `encoding` says how a text file was read and on what evidence; `held` are
    the numbers of the rows that a sheet cut down still holds (None: all).
    """

    file: str
    sheet: str
    cells: pl.DataFrame | bytes = field(repr=False)
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    encoding: str = ""
    held: pl.Series | None = field(default=None, repr=False, compare=False)

    @property
    def grid(self) -> pl.DataFrame:
        """One text column for each column of the sheet, named A, B, …; row i is the sheet's row i + 1; an empty cell
        is NULL."""
        import polars as pl

        return pl.read_ipc(self.cells) if isinstance(self.cells, bytes) else self.cells

    def packed(self) -> SheetRead:
        """The same sheet with its cells compressed, for keeping or sending what is seldom looked at again."""
        if isinstance(self.cells, bytes):
            return self
        packed = BytesIO()
        self.cells.write_ipc(packed, compression="lz4")
        return replace(self, cells=packed.getvalue())

    def cut_down(self, rows: pl.Series) -> SheetRead:
        """The sheet with the cells of these rows alone (numbered from 1, ascending), for when nobody will ask for
        others."""
        return replace(self, cells=self.grid[rows - 1], held=rows).packed()

    def cells_of(self, rows: pl.Series) -> pl.DataFrame:
        """The cells of these rows, numbered from 1."""
        return self.grid[rows - 1 if self.held is None else self.held.search_sorted(rows)]

    def place(self, row: int | None = None, column: str = "") -> Place:
        return Place(self.file, row=row, column=column, sheet=self.sheet)

    def row_text(self, index: int) -> list[str]:
        """Cells of one row from 0, without surrounding blanks; "" where empty."""
        return [(cell or "").strip() for cell in self.grid.row(index)]


def grid_of(rows: Iterable[Sequence[Any]], left: int = 0) -> pl.DataFrame:
    """Rows of cells of any type as a grid; `left` columns before the first cell are empty."""
    import polars as pl

    iterator = iter(rows)
    chunks = []
    while chunk := list(islice(iterator, CHUNK)):
        width = max(map(len, chunk))
        if min(map(len, chunk)) != width:
            chunk = [[*row, *[""] * (width - len(row))] for row in chunk]
        columns = {column_letters(left + place): _column(cells) for place, cells in enumerate(zip(*chunk, strict=True))}
        chunks.append(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    if not chunks:
        return pl.DataFrame()
    grid = pl.concat(chunks, how="diagonal")
    names = [column_letters(place) for place in range(left + max((len(chunk.columns) for chunk in chunks), default=0))]
    filled = grid.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in grid.columns)
    return blanked(filled.select(names))


def blanked(grid: pl.DataFrame) -> pl.DataFrame:
    """The grid with NULL for cells in which nothing can be seen."""
    import polars as pl

    blank = pl.all().str.contains(r"^[\s\x{200b}\x{feff}]*$")
    return grid.select(pl.when(blank).then(None).otherwise(pl.all()).name.keep())


def _column(cells: Sequence[Any]) -> Sequence[str | None]:
    return cells if set(map(type, cells)) == {str} else [cell if type(cell) is str else text_of(cell) for cell in cells]


def text_of(cell: Any) -> str | None:
    """A cell as text. Whole numbers have no point; numbers beyond 15 digits are shown as 6.20602198001010E+17."""
    match cell:
        case str() | None:
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return _number_text(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == cell.min.time() else cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
    return str(cell)


@lru_cache(1 << 16)
def _number_text(number: float) -> str:
    if abs(number) >= 10**EXACT_DIGITS:
        return f"{number:.14E}"
    return str(int(number)) if number == int(number) else f"{number:.15g}"
