"""The same families in five regions: what each owes them, by the clause, and what `decide` says."""

from __future__ import annotations

import re
from functools import cache

import pytest

from bulou import engine
from bulou.engine.pack import Pack
from tests.families.table import NO_SUCH_PROGRAMME, REGIONS, UNSET, families, together

LINE = re.compile(r"(yes|no|unknown)(?: (未定|\d+\.\d\d))? \| (.+)")
FAMILIES = families()


@cache
def pack_of(region: str) -> Pack:
    return engine.read_pack(region, [])


def test_the_table_is_large_enough_and_every_expectation_has_its_clause() -> None:
    assert len(FAMILIES) >= 40
    assert len({family.title for family in FAMILIES}) == len(FAMILIES)
    for family in FAMILIES:
        for programme, subject in {(p, s) for p, s, _, _ in family.expect}:
            lines = {region for p, s, region, _ in family.expect if (p, s) == (programme, subject)}
            assert lines == set(REGIONS), (family.title, programme)
    for region in REGIONS:
        pack = pack_of(region)
        for family in FAMILIES:
            for programme, _, line in family.of(region):
                if line == NO_SUCH_PROGRAMME:
                    assert programme not in pack.programmes, (family.title, programme, region)
                    continue
                found = LINE.fullmatch(line)
                assert found, (family.title, region, line)
                documents = {part.split()[0] for part in found[3].split("; ") if re.match(r"[a-z]", part)}
                assert documents and documents <= set(pack.documents), (family.title, region, line)


@pytest.mark.parametrize("region", REGIONS)
def test_what_the_region_owes_each_family(region: str) -> None:
    pack = pack_of(region)
    wrong = []
    for on, document, members in together(FAMILIES):
        result = engine.as_json(engine.decide_document(pack, document, on))
        said = {(d["programme"], d["subject"]): d for d in result["determinations"]}
        for number, family in members:
            for programme, subject, line in family.of(region):
                found = said.get((programme, f"{number}.{subject}"))
                shown = NO_SUCH_PROGRAMME if found is None else f"{found['verdict']}{amount_of(found)}"
                if shown != line.partition(" | ")[0]:
                    wrong.append(f"{family.title}：{programme} {subject} 应为 {line}，得到 {shown}")
    assert wrong == []


def amount_of(found: dict[str, str | None]) -> str:
    """The amount; 未定 where the programme pays something that nobody has set; nothing where it pays no money."""
    if found["verdict"] != "yes":
        return ""
    return f" {found['amount']}" if found["amount"] else f" {UNSET}" if found.get("amount_note") else ""


def test_a_draft_never_pays_by_itself() -> None:
    """In no family does a draft region owe anything by its draft, unless somebody says that the plan is in force."""
    for family in FAMILIES:
        if not family.document.get("region", {}).get("plan_in_force"):
            for region in ("610103", "640202"):
                owed = [line for _, _, line in family.of(region) if line.startswith("yes")]
                assert not [line for line in owed if "draft" in line], family.title
