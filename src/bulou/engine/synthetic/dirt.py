"""Makes cells dirty the way people do, and keeps a record of every cell touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bulou.engine.synthetic.calibration import Calibration, data
from bulou.engine.synthetic.draws import Stream
from bulou.engine.synthetic.shapes import SHAPES, Cell

_WIDE = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
Fault = Callable[[str, float], Cell]
"""Clean text and a number in [0, 1) to a dirty cell; None leaves the cell alone."""


COLUMNS = ("folder", "file", "sheet", "row", "header", "field", "person", "fault", "clean", "dirty", "lossless")
LOSSLESS = frozenset(
    (
        "full_width",
        "inner_space",
        "trailing_space",
        "apostrophe",
        "lower_x",
        "certificate_instead",
        "fifteen",
        "with_unit",
        "other_shape",
        "serial",
        "duplicate",
        "blank_serial",
    )
)
"""Faults whose clean value can be read from the cell itself."""


@dataclass
class Record:
    """Dirty cells of all files, column by column."""

    rows: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, *values: object) -> None:
        """One dirty cell, values in the order of COLUMNS."""
        for name, value in zip(COLUMNS, values, strict=True):
            self.rows[name].append(value)

    def frame(self) -> pl.DataFrame:
        """The truth table of dirty cells."""
        schema = {
            name: {"row": pl.Int64, "person": pl.Int64, "lossless": pl.Boolean}.get(name, pl.String) for name in COLUMNS
        }
        return pl.DataFrame(self.rows, schema=schema)


def _wide(text: str, _: float) -> Cell:
    return text.translate(_WIDE)


def _spaced(text: str, draw: float) -> Cell:
    space = " " if draw < 0.6 else "\u3000"
    place = len(text) // 2 if len(text) < 6 else 6
    return text[:place] + space + text[place:]


def _one_digit(text: str, draw: float) -> Cell:
    if len(text) < 18:
        return None
    place = 6 + int(draw * 11)
    return text[:place] + str((int(text[place]) + 1 + int(draw * 97) % 9) % 10) + text[place + 1 :]


def _swapped(text: str, draw: float) -> Cell:
    if len(text) < 18:
        return None
    place = 6 + int(draw * 10)
    turned = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return turned if turned != text else None


def _as_number(text: str, _: float) -> Cell:
    return float(text[:15] + "000") if text.isdigit() and len(text) == 18 else None


def _fifteen(text: str, _: float) -> Cell:
    return text[:6] + text[8:17] if len(text) == 18 and text[6:8] == "19" else None


def _lower_x(text: str, draw: float) -> Cell:
    return text[:-1] + ("x" if draw < 0.6 else "Ｘ") if text.endswith("X") else None


def _wrong_grade(text: str, _: float) -> Cell:
    return text[:19] + str(int(text[19]) % 4 + 1) + text[20:] if len(text) >= 20 else None


def _homophone(text: str, _: float) -> Cell:
    table = str.maketrans(data("names.toml")["look_alikes"])
    return text[:1] + text[1:].translate(table)


def _lost_character(text: str, _: float) -> Cell:
    return text[:-1] + "?" if len(text) > 1 else None


def _yuan_words(text: str, _: float) -> Cell:
    return f"{int(text) // 100}元"


def _yuan_wide(text: str, _: float) -> Cell:
    return str(int(text) // 100).translate(_WIDE)


FAULTS: dict[str, dict[str, Fault]] = {
    "id": {
        "number": _as_number,
        "full_width": _wide,
        "inner_space": _spaced,
        "apostrophe": lambda text, _: f"'{text}",
        "lower_x": _lower_x,
        "one_digit": _one_digit,
        "swapped": _swapped,
        "missing": lambda *_: "",
        "fifteen": _fifteen,
        "certificate_instead": lambda text, draw: f"{text}4{1 + int(draw * 4)}",
    },
    "cert": {
        "full_width": _wide,
        "inner_space": _spaced,
        "one_digit": _one_digit,
        "missing": lambda *_: "",
        "wrong_grade_digit": _wrong_grade,
    },
    "name": {
        "inner_space": lambda text, draw: text[:1] + (" " if draw < 0.6 else "\u3000") + text[1:],
        "trailing_space": lambda text, _: f"{text} ",
        "homophone": _homophone,
        "missing_character": _lost_character,
    },
    "phone": {"missing": lambda *_: "", "full_width": _wide},
    "account": {"inner_space": _spaced, "missing": lambda *_: ""},
    "money": {"with_unit": _yuan_words, "full_width": _yuan_wide},
}


@dataclass(frozen=True)
class Hit:
    """One cell to be spoilt: position in the column, fault, clean text, dirty cell."""

    position: int
    fault: str
    clean: str
    dirty: Cell


def number_text(cell: Cell) -> Cell:
    """A number that Excel keeps to fifteen digits, as the digits it shows; other cells as they are."""
    return f"{round(cell / 1000)}000" if isinstance(cell, float) and cell > 1e15 else cell


def spoil(kind: str, clean: list[str], base: str, calibration: Calibration, draws: Stream) -> list[Hit]:
    """Which cells of a column become dirty, and how. `base` is the shape of the whole column, where it has one."""
    rates = calibration.dirt_rates(kind)
    if not rates or not clean:
        return []
    edges = np.cumsum(list(rates.values()))
    fault_of = np.searchsorted(edges, draws.uniform(len(clean)), side="right")
    how = draws.uniform(len(clean))
    names = list(rates)
    hits = []
    for position in np.flatnonzero(fault_of < len(names)).tolist():
        fault, text = names[int(fault_of[position])], clean[position]
        dirty = _dirty(kind, fault, text, base, float(how[position])) if text else None
        if dirty is not None and dirty != text:
            hits.append(Hit(position, fault, text, dirty))
    return hits


def _dirty(kind: str, fault: str, text: str, base: str, draw: float) -> Cell:
    if kind not in SHAPES:
        return FAULTS[kind][fault](text, draw)
    if fault == "missing":
        return ""
    others = [name for name in SHAPES[kind] if name not in (base, "serial")]
    return SHAPES[kind]["serial" if fault == "serial" else others[int(draw * len(others))]](text)
