"""The key two departments agree on: made once for an agreement, kept in a file only its owner can read.

Tokens are keyed digests (HMAC). Whoever has the key can test guesses of ID numbers against them, and there are few
enough numbers to guess them all; so the key never travels with the tokens, and whoever joins them needs none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused

ALGORITHMS = ("sm3", "sha256")
"""SM3 (GB/T 32905) where the installed OpenSSL has it; SHA-256 is always there."""
SECRET_BYTES = 32
_FIELDS = ("agreement", "algorithm", "secret")


@dataclass(frozen=True)
class TokenKey:
    """The key of one agreement between departments; printing it shows no secret."""

    agreement: str
    algorithm: str
    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Twelve hexadecimal digits that tell keys apart and say nothing about the secret."""
        return hmac.new(self.secret, b"bulou key id", self.algorithm).hexdigest()[:12]


def available_algorithms() -> tuple[str, ...]:
    """The algorithms this installation has, the preferred first."""
    return tuple(one for one in ALGORITHMS if one in hashlib.algorithms_available)


def new_key(agreement: str, secret: bytes, algorithm: str | None = None) -> TokenKey:
    """A key for an agreement from 32 random bytes; SM3 unless the installation lacks it. Raises `Refused`."""
    chosen = algorithm or available_algorithms()[0]
    problems = [_unavailable(Place("--algorithm"), chosen)] if chosen not in available_algorithms() else []
    if not agreement.strip():
        fix = "写明是哪两个部门、哪一份协议 name the departments and the agreement"
        problems.append(Problem("no-agreement", Place("AGREEMENT"), "空 empty", "协议名称 a name", fix))
    if len(secret) != SECRET_BYTES:
        problems.append(_not_a_key(Place("secret"), f"{len(secret)} bytes"))
    if problems:
        raise Refused(problems)
    return TokenKey(agreement.strip(), chosen, secret)


def write_key(key: TokenKey, path: Path) -> None:
    """Write a new key file that only its owner may read. Raises `Refused` rather than overwrite a key."""
    content = {"agreement": key.agreement, "algorithm": key.algorithm, "secret": key.secret.hex()}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        place = Place(str(path))
        fix = "换一个文件名；密钥一旦覆盖，旧的假名就再也对不上 choose another name"
        raise Refused([Problem("key-exists", place, "已有这个文件 exists", "新文件 a new file", fix)]) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)


def read_key(path: Path) -> TokenKey:
    """Read a key file. Raises `Refused` when others may read it, when it is no key, or its algorithm is not here."""
    place = Place(str(path))
    if not path.is_file():
        raise Refused([Problem("no-such-file", place, "没有这个文件", "密钥文件 a key file", "核对文件名和路径")])
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        mode = oct(stat.S_IMODE(path.stat().st_mode))[2:]
        fix = f"只让自己能读 let only yourself read it: chmod 600 {path}"
        raise Refused([Problem("key-readable-by-others", place, f"权限 mode {mode}", "600", fix)])
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        agreement, algorithm, secret = (str(content[name]) for name in _FIELDS)
        key = TokenKey(agreement, algorithm, bytes.fromhex(secret))
    except (ValueError, KeyError, TypeError):
        raise Refused([_not_a_key(place, "读不懂 not readable as a key")]) from None
    if len(key.secret) != SECRET_BYTES:
        raise Refused([_not_a_key(place, f"{len(key.secret)} bytes")])
    if algorithm not in available_algorithms():
        raise Refused([_unavailable(place, algorithm)])
    return key


def _not_a_key(place: Place, got: str) -> Problem:
    fix = "用 bulou token-key 生成密钥 make one with bulou token-key"
    return Problem("not-a-key", place, got, f"密钥：{SECRET_BYTES} 字节 a key of {SECRET_BYTES} bytes", fix)


def _unavailable(place: Place, algorithm: str) -> Problem:
    known = "、".join(available_algorithms())
    fix = "SM3 需要 OpenSSL 1.1.1 以上且未被关闭；双方都换用 sha256 重新生成密钥，或换一台机器 use sha256 on both sides"
    return Problem("no-such-algorithm", place, algorithm, f"本机有 here: {known}", fix)
