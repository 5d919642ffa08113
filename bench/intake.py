"""Reads a dirty certificate register of 52,000 rows with all repairs; prints time and memory of each step.

python bench/intake.py [ROWS]
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from bulou.engine.intake import clean, identify, read_file, read_templates, recognise, write_problem_book
from bulou.engine.intake.resident_id import check_character

HEADINGS = [
    *("序号", "姓名", "性别", "出生日期", "身份证号", "残疾证号", "残疾类别", "残疾等级"),
    *("发证日期", "有效期至", "证件状态", "乡镇", "村", "联系电话", "户口性质", "备注"),
]
CATEGORIES = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
GRADES = ["一级", "二级", "三级", "四级"]


def person(number: int, rng: random.Random) -> list[Any]:
    """One clean row; the ID's sequence is made up, its check character right."""
    born = date(1930, 1, 1) + timedelta(days=rng.randrange(32_000))
    first17 = f"620602{born:%Y%m%d}{number % 1000:03d}"
    id_no = first17 + check_character(first17)
    category, grade = rng.randrange(7), rng.randrange(4)
    issued = date(2012, 1, 1) + timedelta(days=rng.randrange(4500))
    name = "测" + chr(0x4E00 + number % 5000) + chr(0x4E00 + number // 5000 + 40)
    return [
        str(number),
        name,
        "男" if int(id_no[16]) % 2 else "女",
        born.isoformat(),
        id_no,
        f"{id_no}{category + 1}{grade + 1}",
        CATEGORIES[category],
        GRADES[grade],
        issued.isoformat(),
        issued.replace(year=issued.year + 10, day=min(issued.day, 28)).isoformat(),
        "正常",
        f"第{number % 37}镇",
        f"第{number % 451}村",
        f"139{number:08d}",
        "农业" if number % 3 else "非农业",
        "",
    ]


def spoil(row: list[Any], rng: random.Random) -> list[Any]:
    """About a third of the rows with one of the usual faults."""
    match rng.randrange(30):
        case 0:
            row[4] = float(row[4][:17] + "0") if row[4][17] != "X" else row[4].lower()
        case 1:
            row[1] = row[1][0] + " " + row[1][1:]
        case 2:
            row[3] = row[3].replace("-", ".")
        case 3:
            row[3] = (date.fromisoformat(row[3]) - date(1899, 12, 30)).days
        case 4:
            row[4] = row[4].translate({ord(str(d)): 0xFF10 + d for d in range(10)})
        case 5:
            row[7] = {"一级": "壹级", "二级": "2"}.get(row[7], row[7])
        case 6:
            row[4] = row[4][:9] + str((int(row[4][9]) + 1) % 10) + row[4][10:]
        case 7:
            row[2] = "女" if row[2] == "男" else "男"
        case 8:
            row[8] = row[8].replace("-", "")
        case 9:
            row[6] += "残疾"
    return row


def write(path: Path, rows: int) -> None:
    rng = random.Random(7)
    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as book:
        sheet = book.add_worksheet("2025年6月")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "凉州区持证残疾人名册")
        sheet.write(1, 0, "单位：县残联")
        sheet.write_row(2, 0, HEADINGS)
        for number in range(rows):
            sheet.write_row(3 + number, 0, spoil(person(number + 1, rng), rng))
        sheet.write_row(3 + rows, 0, ["合计", rows])


def timed(name: str, work: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:12} {wall:6.2f} s wall {cpu:6.2f} s CPU {peak:6.0f} MiB peak")
    return result


def main() -> None:
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
        return
    if len(sys.argv) > 1 and sys.argv[1] != "":
        path = Path(sys.argv[1])
    else:
        import subprocess

        path = Path(tempfile.mkdtemp()) / "残疾证名册.xlsx"
        subprocess.run([sys.executable, __file__, "write", str(path), "52000"], check=True)
    sheets = timed("read", lambda: read_file(path))
    templates = timed("templates", read_templates)
    found = timed("recognise", lambda: recognise(sheets[0], templates))
    cleaned = timed("clean", lambda: clean(found))
    people = timed("identify", lambda: identify([cleaned]))
    print(
        cleaned.counts,
        people.registry.height,
        people.unidentified.height,
        cleaned.findings.height,
        cleaned.repairs.height,
    )
    timed("problem book", lambda: write_problem_book(path.parent / "数据问题.xlsx", [cleaned]))


if __name__ == "__main__":
    main()
