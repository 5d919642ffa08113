"""What the months of a synthetic region found, against the faults that were planted in it.

    python examples/recall.py REGION_FOLDER

Run `bulou synth` and `bulou month` for each month first. Counted are faults that the files can show: known to the
department in that month, with an exact ID, not on the boundary of a month, and without a namesake whose own ID is
unreadable (the machine then asks instead of suspecting).
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

NO_PROGRAMME = ("dead_but_certified", "expired_but_active", "on_suspicion_list")


def rows_of(path: Path) -> list[dict[str, object]]:
    """Rows of the first sheet of a list, by its heads; the head is the first row that names an ID column."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    at = next(i for i, row in enumerate(rows) if any("身份证" in str(cell) for cell in row))
    head = [str(cell) for cell in rows[at]]
    return [dict(zip(head, row, strict=False)) for row in rows[at + 1 :]]


def found_in(out: Path) -> tuple[set[tuple[str, str]], set[str], set[tuple[str, str]], set[tuple[str, str]]]:
    """(id, programme) suspected; ids with a shared account; (id, programme) missed; (id, programme) settled."""
    suspected, shared = set(), set()
    for row in rows_of(out / "疑似不应享.xlsx"):
        if "账号" in str(row.get("疑点")):
            shared.add(str(row["身份证号"]))
        elif row.get("项目"):
            suspected.add((str(row["身份证号"]), str(row["项目"])))
    missed = {(str(row["身份证号"]), str(row["项目"])) for row in rows_of(out / "应享未享.xlsx")}
    settled = {(str(row["身份证号"]), str(row["项目"])) for row in rows_of(out / "补发追缴.xlsx")}
    return suspected, shared, missed, settled


def main() -> None:
    """Print found / planted for every kind of fault and month, with precision and recall."""
    base = Path(sys.argv[1])
    faults = pl.read_parquet(base / "truth" / "faults.parquet")
    due = pl.read_parquet(base / "truth" / "due.parquet").filter(pl.col("due_fen") > 0)
    titles = {"living_subsidy": "困难残疾人生活补贴", "nursing_subsidy": "重度残疾人护理补贴"}
    total_found = total_planted = 0
    for folder in sorted(set(faults["folder"])):
        of_month = faults.filter(pl.col("folder") == folder)
        suspected, shared, missed, settled = found_in(base / folder / "out")
        truth = {(row["id_no"], titles[row["programme"]]) for row in of_month.iter_rows(named=True)}
        due_now = due.filter(pl.col("month") == folder).select("id_no", "programme").iter_rows()
        still_due = {(id_no, titles[programme]) for id_no, programme in due_now}
        print(f"\n{folder}")
        counted = of_month.filter("known", "exact_id", ~pl.col("boundary"), ~pl.col("namesake"))
        for (kind,), rows in counted.group_by("kind", maintain_order=True):
            wanted = {(row["id_no"], titles[row["programme"]]) for row in rows.iter_rows(named=True)}
            lists = {"missed": missed, "wrong_amount": settled}.get(str(kind), suspected)
            hits = {one for one in wanted if one in lists or (kind == "shared_account" and one[0] in shared)}
            total_found, total_planted = total_found + len(hits), total_planted + len(wanted)
            print(f"  {kind:28} {len(hits):5} / {len(wanted):5}")
            for one in sorted(wanted - hits)[:3]:
                print(f"      未找到 not found: {one}")
        right = {one for one in suspected if one in truth or one not in still_due}
        for one in sorted(suspected - right)[:3]:
            print(f"      疑点有误 wrong suspicion: {one}")
        print(f"  疑点查准 precision of suspicions: {len(right)} / {len(suspected)}")
    share = 100 * total_found / max(1, total_planted)
    print(f"\n查全 recall: {total_found} / {total_planted} = {share:.2f} %")


if __name__ == "__main__":
    main()
