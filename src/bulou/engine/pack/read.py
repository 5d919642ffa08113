"""Reads a pack folder on top of the pack it extends. All problems are gathered in the pack that comes back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.toml_tables import Table, read_toml
from bulou.engine.pack import model as m
from bulou.engine.pack.against_parent import check_fact, check_floor
from bulou.engine.pack.published import published
from bulou.engine.pack.read_facts import FACT_SUBJECTS, read_fact, read_parameter, read_supplier
from bulou.engine.pack.read_priorities import read_priority
from bulou.engine.pack.read_programmes import read_group, read_programme
from bulou.engine.pack.read_rest import (
    read_check,
    read_duties,
    read_example,
    read_indicator,
    read_process,
    read_question,
    read_rule,
)

PACKS = Path(__file__).resolve().parents[2] / "packs"
"""The packs that come with Bulou."""

_REGION = re.compile(r"\w[\w-]*")
_LINK = re.compile(r"https?://[^\s\"'<>]+")

EMPTY = m.Pack("", "", "issued", (), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, (), "")
"""What a pack that extends nothing stands on."""

CONTENTS = (
    "facts",
    "parameters",
    "programmes",
    "groups",
    "duties",
    "priorities",
    "processes",
    "indicators",
    "checks",
    "questions",
    "rules",
    "examples",
)


def read_pack(region: str, folders: Sequence[Path] = ()) -> m.Pack:
    """The pack of a region with everything it inherits.

    `folders` are looked through first; each holds one folder a region. Then come Bulou's own packs and those that
    installed packages publish: of these only one may have the region. Raises `Refused` when there is no such pack,
    or more than one, or it extends itself; other problems stand in `Pack.problems`.
    """
    return _read(region, folders, (), Place(region))


def regions(folders: Sequence[Path] = ()) -> list[str]:
    """Regions that have a pack, sorted."""
    local = {path.parent.name for folder in (*folders, PACKS) for path in folder.glob("*/pack.toml")}
    return sorted(local | {one.region for one in published() if one.folder})


def _folder_of(region: str, folders: Sequence[Path]) -> Path | None:
    """The folder of a region's pack; None when there is none. Raises `Refused` when it cannot be told which."""
    if not _REGION.fullmatch(region):
        return None
    for folder in folders:
        if (folder / region / "pack.toml").is_file():
            return folder / region
    offered = [one for one in published() if one.region == region]
    found = {one.folder.resolve(): f"{one.package}（{one.value}）" for one in offered if one.folder}
    if (PACKS / region / "pack.toml").is_file():
        found[PACKS / region] = "Bulou 自带的地区包 Bulou's own"
    if len(found) > 1:
        raise Refused([_twice(region, list(found.values()))])
    if not found and offered:
        raise Refused([one.problem for one in offered])
    return next(iter(found), None)


def _twice(region: str, sources: list[str]) -> Problem:
    return Problem(
        "pack-published-twice",
        Place(region),
        got=f"{region} 有 {len(sources)} 份: {'；'.join(sorted(sources))}",
        expected="一个地区一份 one pack for a region",
        fix="卸载多余的软件包，或用 --packs 指定用哪一份 remove one of them, or name the folder with --packs",
    )


def _read(region: str, folders: Sequence[Path], chain: tuple[str, ...], named_at: Place) -> m.Pack:
    folder = _folder_of(region, folders)
    if folder is None:
        raise Refused([_no_such_pack(region, folders, chain, named_at)])
    problems: list[Problem] = []
    head = read_toml(folder / "pack.toml", f"{region}/pack.toml", problems)
    extends = head.text("extends", "")
    if extends in (*chain, region):
        raise Refused([_extends_itself(head, (*chain, region, extends))])
    parent = _read(extends, folders, (*chain, region), head.place_of("extends")) if extends else EMPTY
    return _on_top_of(parent, folder, head, problems)


def _no_such_pack(region: str, folders: Sequence[Path], chain: tuple[str, ...], named_at: Place) -> Problem:
    known = "、".join(regions(folders)) or "（无）"
    got = f"没有地区包 {region!r}" + (f"（{chain[-1]} 声明继承它）" if chain else "")
    return Problem(
        "no-such-pack",
        named_at,
        got,
        f"已有地区包 packs: {known}",
        "改用已有的地区代码，或新建地区包",
    )


def _extends_itself(head: Table, chain: tuple[str, ...]) -> Problem:
    return Problem(
        "extends-itself",
        head.place_of("extends"),
        got=" → ".join(chain),
        expected="继承到一个不再继承的地区包为止 a chain that ends",
        fix="改正 extends correct `extends`",
    )


def _on_top_of(parent: m.Pack, folder: Path, head: Table, problems: list[Problem]) -> m.Pack:
    """The pack of a folder on its parent. What is inherited covers no rule here: rules are those of one document."""
    found = read_head(head)
    pack = replace(
        parent,
        region=found.region,
        name=found.name,
        status=found.status,
        chain=(*parent.chain, folder.name),
        documents={**parent.documents, **found.documents},
        programmes={name: replace(one, covers=()) for name, one in parent.programmes.items()},
        processes={name: replace(one, covers=()) for name, one in parent.processes.items()},
        questions={},
        rules={},
        examples=(),
        indicators={},
        duties={},
        digest=_digest(folder, parent.digest),
    )
    if pack.region != folder.name:
        head.problem("wrong-region", "region", pack.region, folder.name, "region 与文件夹名一致")
    for content in CONTENTS:
        for file in _files(folder, content):
            pack = read_content(content, pack, read_toml(file, _shown(file, folder), problems))
    problems += _unread_files(folder)
    return replace(pack, problems=(*parent.problems, *problems))


def read_head(head: Table) -> m.Pack:
    """What pack.toml itself says, as a pack with nothing in it; the pack it extends is read elsewhere."""
    head.text("extends", "")
    pack = replace(
        EMPTY,
        region=head.text("region"),
        name=head.text("name"),
        status=head.choice("status", m.STATUSES),
        documents=_documents(head),
    )
    for optional in ("level", "parent"):
        head.text(optional, "")
    head.done()
    return pack


def read_content(content: str, pack: m.Pack, file: Table) -> m.Pack:
    """The pack with what one file adds; `content` is one of `CONTENTS`."""
    return _READERS[content](pack, file)


def _files(folder: Path, content: str) -> list[Path]:
    single = folder / f"{content}.toml"
    return ([single] if single.is_file() else []) + sorted((folder / content).glob("*.toml"))


def _shown(file: Path, folder: Path) -> str:
    return f"{folder.name}/{file.relative_to(folder).as_posix()}"


def _unread_files(folder: Path) -> list[Problem]:
    """A file under a name that nobody reads: a misspelt name must not lose its content in silence."""
    read = {folder / "pack.toml", *(file for content in CONTENTS for file in _files(folder, content))}
    known = "、".join(f"{content}.toml" for content in CONTENTS)
    return [
        Problem("unknown-file", Place(_shown(file, folder)), file.name, f"{known}，或同名文件夹", "改名，或移出地区包")
        for file in sorted(folder.rglob("*.toml"))
        if file not in read
    ]


def _digest(folder: Path, parent: str) -> str:
    """SHA-256 over every file that can change a decision; examples and page texts are left out."""
    digest = hashlib.sha256(parent.encode())
    for file in sorted(folder.rglob("*.toml")):
        name = file.relative_to(folder).as_posix()
        if not name.startswith("examples"):
            digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _documents(head: Table) -> dict[str, m.Document]:
    section = head.table("document")
    found = {}
    for table in section.tables() if section else ():
        found[table.name] = m.Document(
            table.name,
            table.text("title"),
            table.text("number", ""),
            table.day("date"),
            table.place,
            issuer=table.text("issuer", ""),
            link=table.text("link", ""),
            note=table.text("note", ""),
        )
        if found[table.name].link and not _LINK.fullmatch(found[table.name].link):
            table.problem("not-a-link", "link", found[table.name].link, "https://…", "写完整的网址，或删去")
        table.done()
    return found


def _read_facts(pack: m.Pack, file: Table) -> m.Pack:
    facts, suppliers = dict(pack.facts), dict(pack.suppliers)
    for section in file.tables((*FACT_SUBJECTS, "supplier")):
        for table in section.tables():
            if section.name == "supplier":
                suppliers[table.name] = read_supplier(table)
            else:
                fact = read_fact(table, section.name)
                check_fact(table, fact, facts.get(fact.name))
                _add(facts, fact.name, fact, table)
    return replace(pack, facts=facts, suppliers=suppliers)


def _add(found: dict[str, Any], name: str, thing: Any, table: Table) -> None:
    """The thing under its name, in place of an inherited one; a second one of the same pack is reported, not kept."""
    earlier = found.get(name)
    if earlier is not None and earlier.origin.file.split("/")[0] == table.file.split("/")[0]:
        table.problem("defined-twice", None, f"[{'.'.join(table.path)}]", "只定义一次 once", f"合并到 {earlier.origin}")
    else:
        found[name] = thing


def _read_parameters(pack: m.Pack, file: Table) -> m.Pack:
    parameters = dict(pack.parameters)
    for table in file.tables():
        parameter = read_parameter(table, pack.facts)
        check_floor(table, parameter, parameters.get(table.name), pack.programmes.values())
        _add(parameters, table.name, parameter, table)
    return replace(pack, parameters=parameters)


def _read_programmes(pack: m.Pack, file: Table) -> m.Pack:
    programmes = dict(pack.programmes)
    for table in file.tables():
        programme = read_programme(table, programmes.get(table.name), draft=pack.status == "draft")
        _add(programmes, table.name, programme, table)
    return replace(pack, programmes=programmes)


def _by_name(attribute: str, reader: Callable[[Table], object]) -> Callable[[m.Pack, Table], m.Pack]:
    def read(pack: m.Pack, file: Table) -> m.Pack:
        together: Any = dict(getattr(pack, attribute))
        for table in file.tables():
            _add(together, table.name, reader(table), table)
        return replace(pack, **{attribute: together})

    return read


def _read_duties(pack: m.Pack, file: Table) -> m.Pack:
    return replace(pack, duties={**pack.duties, **{f"{duty.kind}.{duty.name}": duty for duty in read_duties(file)}})


def _read_priorities(pack: m.Pack, file: Table) -> m.Pack:
    priorities = dict(pack.priorities)
    for table in file.tables():
        _add(priorities, table.name, read_priority(table, draft=pack.status == "draft"), table)
    return replace(pack, priorities=priorities)


def _read_examples(pack: m.Pack, file: Table) -> m.Pack:
    examples = tuple(read_example(row, pack.region) for row in file.rows("example"))
    file.done()
    return replace(pack, examples=(*pack.examples, *examples))


_READERS: dict[str, Callable[[m.Pack, Table], m.Pack]] = {
    "facts": _read_facts,
    "parameters": _read_parameters,
    "programmes": _read_programmes,
    "groups": _by_name("groups", read_group),
    "duties": _read_duties,
    "priorities": _read_priorities,
    "processes": _by_name("processes", read_process),
    "indicators": _by_name("indicators", read_indicator),
    "checks": _by_name("checks", read_check),
    "questions": _by_name("questions", read_question),
    "rules": _by_name("rules", read_rule),
    "examples": _read_examples,
}
