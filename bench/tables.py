"""The results of measure.py as a Markdown table with ratios."""

from __future__ import annotations

#: The cases the others are held against, by group.
SCAN = "duckdb.scan"
PLAN = {"memory": "polars.memory_masks", "parquet": "polars.parquet_masks"}
RIVALS = {
    "memory": ("openfisca.load", "policyengine.load"),
    "parquet": ("openfisca.parquet", "policyengine.parquet"),
    "json": ("openfisca.json", "policyengine.json"),
}
HEADINGS = (
    "case",
    "keeps",
    "CPU s",
    "first",
    "wall s",
    "peak MB (before)",
    "whole process, one run, CPU s",
    "÷ bare scan",
    "÷ hand-written, masks",
    "OpenFisca ÷ this",
    "PolicyEngine ÷ this",
)


def seconds(value: float) -> str:
    """Seconds with three figures."""
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def ratio(above: float | None, below: float | None) -> str:
    """A ratio, or a dash where one side was not run."""
    if not above or not below:
        return "–"
    value = above / below
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def row(name: str, found: dict, cases: dict) -> list[str]:
    """One line of the table."""

    def cpu(other: str) -> float | None:
        key = "process_cpu" if found["clock"] == "process" else "cpu"
        return cases.get(other, {}).get(key)

    group = found["group"]
    rivals = RIVALS.get(group, ("", ""))
    scan = cpu(SCAN) if group in ("parquet", "scan") else None
    star = "*" if found["clock"] == "process" else ""
    return [
        name + star,
        found["keeps"],
        seconds(found["cpu"]),
        seconds(found["cpu_first"]),
        seconds(found["wall"]),
        f"{found['peak_mb']:,} ({found['base_mb']:,})",
        seconds(found["process_cpu"]),
        ratio(found["cpu"], scan),
        ratio(found["cpu"], cpu(PLAN.get(group, ""))),
        ratio(cpu(rivals[0]), found["cpu"]),
        ratio(cpu(rivals[1]), found["cpu"]),
    ]


def markdown(result: dict) -> str:
    """A heading, and one table per group, cheapest first."""
    cases = result["cases"]
    lines = [f"### {result['size']:,} people", ""]
    for group in ("scan", "parquet", "memory", "json"):
        found = [(name, case) for name, case in cases.items() if case["group"] == group]
        if not found:
            continue
        found.sort(key=lambda pair: pair[1]["cpu"])
        lines += [f"**{group}**", "", f"| {' | '.join(HEADINGS)} |", "|---|---" + "|---:" * 9 + "|"]
        lines += [f"| {' | '.join(row(name, case, cases))} |" for name, case in found]
        lines.append("")
    if any(case["clock"] == "process" for case in cases.values()):
        lines.append("`*` charged for the whole process, start included, and held against the others' too.")
    return "\n".join(lines)
