"""Packs that a region publishes as a Python package of its own, found by the entry points of the group bulou.packs.

An entry point's name is the region code, its value the package in whose folder the folder of that code stands:

    [project.entry-points."bulou.packs"]
    999999 = "yunling_policy"          # yunling_policy/999999/pack.toml

Nothing of the package is run: a pack holds no program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem

GROUP = "bulou.packs"


@dataclass(frozen=True)
class Published:
    """A pack that an installed package offers. `folder` is None when there is none where the package says."""

    region: str
    package: str
    value: str
    folder: Path | None

    @property
    def problem(self) -> Problem:
        """What is wrong with a package that has no pack where it says."""
        return Problem(
            "package-without-pack",
            Place(f"{self.package} [{GROUP}]"),
            got=f"{self.region} = {self.value}：找不到 {self.value}/{self.region}/pack.toml",
            expected="值是包名，包里有以地区代码命名的文件夹 a package that holds the folder of the region",
            fix="重装或卸载这个软件包，或用 --packs 指定地区包的文件夹 reinstall or remove the package, or use --packs",
        )


def published() -> list[Published]:
    """All packs that installed packages offer, by region and package."""
    found = {_published(entry) for entry in entry_points(group=GROUP)}
    return sorted(found, key=lambda one: (one.region, one.package, one.value))


def _published(entry: EntryPoint) -> Published:
    package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    folder = next((place for place in _folders(entry) if (place / "pack.toml").is_file()), None)
    return Published(entry.name, package, entry.value, folder)


def _folders(entry: EntryPoint) -> Iterator[Path]:
    """Where the pack may stand; the package is looked for, not imported."""
    first, *rest = entry.value.partition(":")[0].strip().split(".")
    for place in _places(first):
        yield Path(place, *rest, entry.name)


def _places(package: str) -> list[str]:
    try:
        spec: ModuleSpec | None = find_spec(package)
    except (ImportError, ValueError):
        return []
    return list(spec.submodule_search_locations or []) if spec else []
