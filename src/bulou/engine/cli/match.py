"""`bulou match REGISTRY FILE --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def match(
    registry: Annotated[
        Path, typer.Argument(help="登记册：姓名、身份证号，及性别、出生日期、村、电话 · registry", show_default=False)
    ],
    file: Annotated[Path, typer.Argument(help="部门报来的名单 · a department's list", show_default=False)],
    out: Annotated[Path, typer.Option(help="写到这个文件夹 · output folder", show_default=False)],
    review: Annotated[
        list[Path] | None, typer.Option(help="填过的《待判断.xlsx》；放在输出文件夹里的自动读 · filled review list")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="存好的概率模型，只提建议 · saved model, proposes only", show_default=False)
    ] = None,
    tokens: Annotated[
        bool, typer.Option("--tokens", help="两个文件都是假名文件，见 bulou tokens · both are token files")
    ] = False,
) -> None:
    """名单的每一行对应到登记册里的哪个人：号码写错、缺号、姓名异写。Match a list with a registry."""
    from bulou import engine

    if tokens:
        _match_tokens(registry, file, out)
        return
    run = engine.match_files(registry, file, out, review or [], model)
    for problem in run.problems:
        typer.echo(str(problem), err=True)
    for line in run.summary():
        typer.echo(line)
    raise typer.Exit(1 if run.problems else 0)


def _match_tokens(registry: Path, file: Path, out: Path) -> None:
    from bulou import engine
    from bulou.engine.matching.matched import OUTCOME_WORDS

    links = engine.match_token_files(registry, file, out).links
    words = {str(outcome): text for outcome, text in OUTCOME_WORDS.items()}
    counted = links["outcome"].value_counts(sort=True, name="rows").rows()
    typer.echo(f"{links.height} 行 = " + " + ".join(f"{words[outcome]} {number}" for outcome, number in counted))
    typer.echo(str(out))


def match_train(
    registry: Annotated[Path, typer.Argument(help="登记册 · registry", show_default=False)],
    file: Annotated[Path, typer.Argument(help="带身份证号的一个月名单 · a list with ID numbers", show_default=False)],
    model: Annotated[Path, typer.Argument(help="写到这个 JSON 文件 · model file to write", show_default=False)],
    seed: Annotated[int, typer.Option(help="随机种子 · random seed")] = 1,
) -> None:
    """训练概率模型并存盘；每月运行从不训练。Train the probability model; a monthly run never does."""
    from bulou import engine

    trained = engine.train_match_model(registry, file, model, seed)
    typer.echo(f"{model}: 模型 model {trained.version}，依据 {trained.trained['links']} 行已对上的 known links")
