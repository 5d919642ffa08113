"""Puts a package with a pack on the path as an installer would: its files, and a folder with its metadata."""

from __future__ import annotations

import shutil
import tomllib
from importlib import invalidate_caches
from pathlib import Path

from tests.packs.small_packs import write

GROUP = "bulou.packs"


def publish(site: Path, *, name: str, entries: dict[str, str], version: str = "1.0") -> None:
    """The metadata of a package `name` with these entry points."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{region} = {value}" for region, value in entries.items())]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_pack_into(package: Path, region: str) -> None:
    """The good small pack, under another region code, in the folder of a package; its program would fail if run."""
    write(package)
    (package / "t").rename(package / region)
    head = package / region / "pack.toml"
    head.write_text(head.read_text(encoding="utf-8").replace('region = "t"', f'region = "{region}"'), encoding="utf-8")
    (package / "__init__.py").write_text("raise AssertionError('a pack holds no program')\n", encoding="utf-8")


def install(project: Path, site: Path) -> None:
    """What `pip install --no-deps` does with a project of data files under src, without a builder and quickly."""
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(project / "src", site, dirs_exist_ok=True)
    invalidate_caches()
    publish(site, name=declared["name"], entries=declared["entry-points"][GROUP], version=declared["version"])
