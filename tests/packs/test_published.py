"""Packs in packages of their own: found without running them, and a clear word when it is not clear which."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.cli.main import app
from bulou.engine.pack import read_pack, regions
from bulou.engine.pack.check import check_pack
from tests.packs.published_packages import publish, write_pack_into

REGION = "999999"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def refused(region: str = REGION, folders: tuple[Path, ...] = ()) -> Problem:
    with pytest.raises(Refused) as caught:
        read_pack(region, folders)
    (problem,) = caught.value.problems
    assert problem.expected
    assert problem.fix
    return problem


def test_a_published_pack_is_found_and_nothing_of_it_is_run(site: Path) -> None:
    write_pack_into(site / "yunling_policy", REGION)
    publish(site, name="yunling-policy", entries={REGION: "yunling_policy"})
    assert REGION in regions()
    assert check_pack(read_pack(REGION)) == []
    result = CliRunner().invoke(app, ["pack", "check", REGION])
    assert result.exit_code == 0, result.output


def test_a_pack_may_stand_deeper_in_its_package(site: Path) -> None:
    write_pack_into(site / "yunling" / "policy" / "packs", REGION)
    publish(site, name="yunling", entries={REGION: "yunling.policy.packs"})
    assert read_pack(REGION).region == REGION


def test_two_packages_with_the_same_region(site: Path) -> None:
    write_pack_into(site / "first_policy", REGION)
    write_pack_into(site / "second_policy", REGION)
    publish(site, name="first-policy", entries={REGION: "first_policy"})
    publish(site, name="second-policy", entries={REGION: "second_policy"}, version="2.1")
    problem = refused()
    assert problem.code == "pack-published-twice"
    assert "first-policy 1.0" in problem.got
    assert "second-policy 2.1" in problem.got


def test_a_package_with_a_region_that_bulou_brings_itself(site: Path) -> None:
    """Which of the two is the law here is for a person to say, not for the order of a search."""
    write_pack_into(site / "wuwei_policy", "620600")
    publish(site, name="wuwei-policy", entries={"620600": "wuwei_policy"})
    assert refused("620600").code == "pack-published-twice"
    assert read_pack("620600", (site / "wuwei_policy",)).name == "试点", "a folder that is named decides"


def test_an_entry_point_that_leads_nowhere(site: Path) -> None:
    publish(site, name="broken-policy", entries={REGION: "broken_policy"})
    problem = refused()
    assert problem.code == "package-without-pack"
    assert "broken-policy 1.0" in problem.place.file
    assert "broken_policy/999999/pack.toml" in problem.got
    assert REGION not in regions()


def test_a_package_whose_folder_has_another_name(site: Path) -> None:
    write_pack_into(site / "yunling_policy", "999998")
    publish(site, name="yunling-policy", entries={REGION: "yunling_policy"})
    assert refused().code == "package-without-pack"


def test_a_broken_package_of_another_region_is_in_nobodys_way(site: Path) -> None:
    publish(site, name="broken-policy", entries={REGION: "broken_policy", "1": ".:"})
    assert read_pack("cn").region == "cn"
    assert "cn" in regions()


def test_a_pack_that_extends_one_that_is_published_twice(site: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_pack_into(site / f"{name}_policy", REGION)
        publish(site, name=f"{name}-policy", entries={REGION: f"{name}_policy"})
    child = tmp_path / "packs" / "child"
    child.mkdir(parents=True)
    (child / "pack.toml").write_text(f'region = "child"\nname = "下级"\nstatus = "issued"\nextends = "{REGION}"\n')
    assert refused("child", (child.parent,)).code == "pack-published-twice"
