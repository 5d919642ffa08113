"""`bulou token-key` and `bulou tokens`: matching without handing over a list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def token_key(
    agreement: Annotated[
        str, typer.Argument(help="哪份协议、哪两个部门 · the agreement it is for", show_default=False)
    ],
    file: Annotated[Path, typer.Argument(help="写到这个新文件 · new key file", show_default=False)],
    algorithm: Annotated[str, typer.Option(help="sm3 或 sha256；默认 sm3，本机没有时 sha256")] = "",
) -> None:
    """为一份协议生成密钥，只有本人可读。Make the key of an agreement between departments."""
    import secrets

    from bulou import engine

    key = engine.write_token_key(agreement, file, secrets.token_bytes(32), algorithm or None)
    typer.echo(f"{file}: 密钥 key {key.key_id}，{key.algorithm}")
    if not algorithm and key.algorithm != "sm3":
        typer.echo("  本机的 OpenSSL 没有 SM3，用了 SHA-256 no SM3 here, SHA-256 taken instead")
    typer.echo("  只交给协议的另一方，走另一条路，不与假名文件同行 give it to the other party only, by another way")


def tokens(
    source: Annotated[Path, typer.Argument(help="本部门的名单 · your list", show_default=False)],
    out: Annotated[Path, typer.Argument(help="假名文件 .csv 或 .parquet · token file", show_default=False)],
    key: Annotated[Path, typer.Option(help="密钥文件 · key file", show_default=False)],
    period: Annotated[str, typer.Option(help="月份 YYYY-MM，双方相同 · month", show_default=False)],
    registry: Annotated[bool, typer.Option("--registry", help="这是登记册 · this is the registry")] = False,
) -> None:
    """把名单变成假名：号码先改正，再加密钥摘要，姓名和号码都不出本单位。Turn a list into keyed tokens."""
    from bulou import engine

    for line in engine.write_tokens(source, out, key, period, registry).summary():
        typer.echo(line)
