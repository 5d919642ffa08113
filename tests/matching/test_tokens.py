"""Keyed tokens: the same person has the same token however the number is written, and nobody else has."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.matching.token_files import match_token_files, write_tokens
from bulou.engine.matching.token_keys import TokenKey, available_algorithms, new_key, read_key, write_key
from bulou.engine.matching.tokens import match_tokens, registry_tokens, row_tokens
from bulou.engine.synthetic.linkage import make_match_case

KEY = new_key("县残联与县医保局 2025", bytes(range(32)))
NUMBER, TWIN, STRANGER = "620602198001010014", "620602198001010030", "640202201506100038"
REGISTRY = pl.DataFrame(
    {
        "person_id": ["p1", "p2"],
        "id_number": [NUMBER, TWIN],
        "name": ["王建国", "王建军"],
        "birth_date": [date(1980, 1, 1)] * 2,
        "relative_ids": [[STRANGER], None],
    }
)


def rows(*pairs: tuple[str | None, str | None]) -> pl.DataFrame:
    numbers, names = zip(*pairs, strict=True)
    schema = {"row": pl.Int64, "id_number": pl.String, "name": pl.String}
    return pl.DataFrame({"row": range(1, len(pairs) + 1), "id_number": numbers, "name": names}, schema=schema)


def linked(*pairs: tuple[str | None, str | None], key: TokenKey = KEY) -> list[tuple[str | None, str]]:
    ours, theirs = registry_tokens(REGISTRY, key, "2025-06"), row_tokens(rows(*pairs), key, "2025-06")
    return match_tokens(ours, theirs).links.select("person_id", "outcome").rows()


@pytest.mark.parametrize("algorithm", available_algorithms())
def test_a_token_is_an_hmac_as_the_standard_defines_it(algorithm: str) -> None:
    key = new_key("协议", bytes(range(32)), algorithm)
    block = key.secret.ljust(64, b"\0")
    message = "\x1f".join(("bulou token 1", "协议", "2025-06", "id", "62060219800101001", "")).encode()
    inner = hashlib.new(algorithm, bytes(one ^ 0x36 for one in block) + message).digest()
    outer = hashlib.new(algorithm, bytes(one ^ 0x5C for one in block) + inner).hexdigest()
    assert row_tokens(rows((NUMBER, "王建国")), key, "2025-06")["token"].to_list() == [outer[:32]]


@pytest.mark.skipif("sm3" not in available_algorithms(), reason="this OpenSSL has no SM3")
def test_sm3_is_sm3() -> None:
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, example 1
    assert hashlib.new("sm3", b"abc").hexdigest() == expected


def test_a_number_has_one_token_however_it_is_written() -> None:
    ways = (NUMBER, f" {NUMBER[:6]} {NUMBER[6:]}", f"{NUMBER}43", f"{NUMBER}43B1", "620602800101001", f"'{NUMBER}")
    assert linked(*((way, "王建国") for way in ways)) == [("p1", "linked")] * len(ways)


def test_names_agree_in_traditional_characters_and_by_sound() -> None:
    assert linked((NUMBER, "王建國"), (NUMBER, "王健国")) == [("p1", "linked")] * 2


def test_a_right_number_with_another_name_is_asked_about() -> None:
    assert linked((NUMBER, "李四"), (NUMBER, None), (NUMBER, "王?国")) == [(None, "review")] * 3


def test_a_number_one_slip_away_is_mended_when_the_name_agrees() -> None:
    slip, swap, short = "620602198001010074", "620602198010010014", NUMBER[:9] + NUMBER[10:]
    assert linked((slip, "王建国"), (swap, "王建国"), (short, "王建国")) == [("p1", "linked")] * 3
    assert linked((slip, "李四")) == [(None, "none")]
    assert linked((NUMBER[:15] + "000", "王建军")) == [("p2", "linked")]


def test_twins_stay_two() -> None:
    assert linked((NUMBER, "王建国"), (TWIN, "王建军")) == [("p1", "linked"), ("p2", "linked")]
    assert linked((NUMBER, "王建军")) == [(None, "review")]


def test_a_valid_number_of_nobody_is_final_unless_it_is_a_relatives() -> None:
    assert linked((STRANGER, "赵六"), (STRANGER, "王建国")) == [(None, "not_registered"), ("p1", "relative")]


def test_tokens_tell_neither_number_nor_name_and_keep_what_was_asked() -> None:
    tokens = row_tokens(
        rows((NUMBER, "王建国")).with_columns(pl.lit("是").alias("参保")), KEY, "2025-06", keep=["参保"]
    )
    text = tokens.write_csv()
    assert NUMBER[:17] not in text and "王建国" not in text and "参保" in text
    assert match_tokens(registry_tokens(REGISTRY, KEY, "2025-06"), tokens).links["参保"].to_list() == ["是"]


def test_another_key_agreement_or_month_has_no_token_in_common() -> None:
    others = (new_key(KEY.agreement, bytes(32)), new_key("另一份协议", KEY.secret))
    made = [row_tokens(rows((NUMBER, "王建国")), key, "2025-06") for key in (KEY, *others)]
    made.append(row_tokens(rows((NUMBER, "王建国")), KEY, "2025-07"))
    every = pl.concat([one.select("token", "named", "sounding").unpivot() for one in made])["value"]
    assert every.n_unique() == len(every) == 12


def test_tokens_of_two_keys_or_two_months_are_refused() -> None:
    ours = registry_tokens(REGISTRY, KEY, "2025-06")
    for theirs in (
        row_tokens(rows((NUMBER, "王建国")), new_key(KEY.agreement, bytes(32)), "2025-06"),
        row_tokens(rows((NUMBER, "王建国")), KEY, "2025-07"),
    ):
        with pytest.raises(Refused, match="tokens-differ"):
            match_tokens(ours, theirs)


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    write_key(KEY, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == KEY and KEY.secret.hex() not in repr(KEY)
    with pytest.raises(Refused, match="key-exists"):
        write_key(KEY, path)
    path.chmod(0o640)
    with pytest.raises(Refused, match="chmod 600"):
        read_key(path)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    short = {"agreement": "甲", "algorithm": "sha256", "secret": "00"}
    for content in ("", "[]", "{}", json.dumps(short), json.dumps(short | {"secret": "zz"})):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
        with pytest.raises(Refused, match="not-a-key"):
            read_key(path)
    path.write_text(json.dumps(short | {"secret": "00" * 32, "algorithm": "md4x"}), encoding="utf-8")
    with pytest.raises(Refused, match="no-such-algorithm"):
        read_key(path)
    with pytest.raises(Refused, match="no-agreement"):
        new_key(" ", bytes(32))


def test_token_matching_makes_no_false_link() -> None:
    case = make_match_case(4_000, seed=5)
    typed = row_tokens(case.rows.select("row", "id_number", "name"), KEY, "2025-06")
    links = match_tokens(registry_tokens(case.registry, KEY, "2025-06"), typed).links
    told = links.drop_nulls("person_id").join(case.truth, on="row", suffix="_right")
    assert (told["person_id"] == told["person_id_right"]).fill_null(False).all()
    assert links.height == case.rows.height and told.height > 0.9 * case.rows.height


def test_from_two_lists_to_links_without_a_list_or_key_at_the_join(tmp_path: Path) -> None:
    write_key(KEY, tmp_path / "key.json")
    registry = "人员编号,姓名,身份证号\np1,王建国,620602198001010014\np2,王建军,620602198001010030\n"
    typed = "姓名,身份证号码\n王建国,620602198001010074\n李四,620602198001010030\n赵六,640202201506100038\n"
    for name, text in (("登记册", registry), ("名单", typed)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    for name, is_registry in (("登记册", True), ("名单", False)):
        out = tmp_path / f"{name}.tokens.csv"
        write_tokens(tmp_path / f"{name}.csv", out, tmp_path / "key.json", "2025-06", is_registry)
        assert "6206021980" not in out.read_text(encoding="utf-8") and "王" not in out.read_text(encoding="utf-8")
    ours, theirs = tmp_path / "登记册.tokens.csv", tmp_path / "名单.tokens.csv"
    match_token_files(ours, theirs, tmp_path / "out")
    lines = (tmp_path / "out" / "对应结果.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(",")[:4] for line in lines] == [
        ["2", "p1", "", "对应到本人"],
        ["3", "", "p2", "待判断"],
        ["4", "", "", "号码有效，登记册里没有"],
    ]
    with pytest.raises(Refused, match="tokens-swapped"):
        match_token_files(theirs, ours, tmp_path / "other")
    with pytest.raises(Refused, match="not-tokens"):
        match_token_files(tmp_path / "登记册.csv", theirs, tmp_path / "other")
    assert not (tmp_path / "other").exists()
