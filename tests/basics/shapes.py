"""How the cells of a written workbook look."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def shapes(path: Path, row: int, sheet: int = 1) -> list[tuple[str, bool]]:
    """Of each cell of a row its colour ("" without) and whether it is bold."""
    with zipfile.ZipFile(path) as book:
        page, styles = (etree.fromstring(book.read(f"xl/{at}.xml")) for at in (f"worksheets/sheet{sheet}", "styles"))
    formats = styles.findall("m:cellXfs/m:xf", NAMES)
    fonts, fills = styles.findall("m:fonts/m:font", NAMES), styles.findall("m:fills/m:fill", NAMES)
    found = []
    for cell in page.findall(f"m:sheetData/m:row[@r='{row}']/m:c", NAMES):
        form = formats[int(cell.get("s", "0"))]
        colour = fills[int(form.get("fillId", "0"))].find("m:patternFill/m:fgColor", NAMES)
        bold = fonts[int(form.get("fontId", "0"))].find("m:b", NAMES) is not None
        found.append(("" if colour is None else colour.get("rgb", ""), bold))
    return found
