"""manifest.json: what went in, under which policy and version, what came out, and that it adds up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bulou.engine.basics.files import digest_of
from bulou.engine.differences.month import MonthResult
from bulou.engine.report.sums import Sum

NAME = "manifest.json"


def manifest(result: MonthResult, out: Path, found: Sequence[Sum], before: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of the files in `out`; `before` is that of the run before, empty when there was none."""
    return {
        "region": result.region,
        "region_name": result.region_name,
        "month": result.month,
        "on": result.on.isoformat(),
        "pack": {"id": result.region, "digest": result.pack_digest, "status": result.pack_status},
        "version": result.version,
        "method": [{"choice": choice, "value": value, "source": source} for choice, value, source in result.method],
        "inputs": _inputs(result),
        "changed_since_last_run": changed_inputs(before, inputs_of(result)),
        "counts": dict(result.counts),
        "matching": dict(result.matching),
        "changes": dict(result.changes),
        "sums": [{"says": one.says, "total": one.total, "parts": dict(one.parts), "unit": _unit(one)} for one in found],
        "outputs": outputs(out),
    }


def _unit(one: Sum) -> str:
    return "fen" if one.money else "count"


def _inputs(result: MonthResult) -> list[dict[str, Any]]:
    fates = ("read", "accepted", "repaired", "refused", "furniture", "merged")
    files = sorted(result.files, key=lambda file: (file.file, file.sheet))
    return [
        {"file": one.file, "sha256": one.digest, "sheet": one.sheet, "kind": one.kind, "month": one.month}
        | {fate: getattr(one, fate) for fate in fates}
        for one in files
    ]


def inputs_of(result: MonthResult) -> dict[str, str]:
    """File name to digest."""
    return {file.file: file.digest for file in result.files}


def changed_inputs(before: Mapping[str, Any], now: Mapping[str, str]) -> list[str]:
    """Names of the input files that are new, gone or other than in the run before; empty without such a run."""
    if not before:
        return []
    old = {entry["file"]: entry["sha256"] for entry in before["inputs"]}
    return sorted(name for name in old.keys() | now.keys() if old.get(name) != now.get(name))


def outputs(out: Path) -> list[dict[str, Any]]:
    """Every file of the folder but the manifest, with size and digest, sorted by name."""
    return [
        {"file": name, "bytes": path.stat().st_size, "sha256": digest_of(path)}
        for name, path in sorted(files_in(out).items())
        if name != NAME
    ]


def files_in(folder: Path) -> dict[str, Path]:
    """The files of a folder and its folders, by their path inside it."""
    found: Iterable[Path] = folder.rglob("*")
    return {path.relative_to(folder).as_posix(): path for path in found if path.is_file()}


def write_manifest(content: Mapping[str, Any], out: Path) -> Path:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (out / NAME).write_text(text + "\n", encoding="utf-8")
    return out / NAME


def read_manifest(out: Path) -> dict[str, Any]:
    """The manifest of an earlier run; empty when there is none that can be read."""
    try:
        content = json.loads((out / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    usable = isinstance(content, dict) and {"inputs", "outputs"} <= content.keys()
    return content if usable else {}
