"""The command line. Each command calls one function of the front door and says what came of it.

Exit codes: 0 done, 1 done with problems listed, 2 refused. A traceback never reaches a user.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bulou.engine.cli import ask, decide, levy, match, month, pack, plan, rank, simulation, synthetic, tokens

SHOW_TRACEBACK = "BULOU_TRACEBACK"
"""Environment variable for developers: let a traceback through."""

app = typer.Typer(
    name="bulou",
    help="不漏：残疾人保障政策的计算与解释 · who is due what, why, and what is not yet known",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("decide")(decide.decide)
app.command("explain")(decide.explain)
app.command("ask")(ask.ask)
app.add_typer(pack.app, name="pack")
app.add_typer(plan.app, name="plan")
app.command("month")(month.month)
app.command("simulate")(simulation.simulate)
app.command("forecast")(simulation.forecast)
app.command("levy")(levy.levy)
app.command("rank")(rank.rank)
app.command("match")(match.match)
app.command("match-train")(match.match_train)
app.command("token-key")(tokens.token_key)
app.command("tokens")(tokens.tokens)
app.command("synth")(synthetic.synthetic)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("bulou"))
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 version")] = False,
) -> None:
    """不漏 Bulou."""


def run() -> None:
    """Entry point: turns refusals and whatever else goes wrong into messages and exit code 2."""
    from bulou.engine.basics.problems import Refused

    try:
        app()
    except Refused as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        count = len(refused.problems)
        typer.echo(
            f"输入不能用：{count} 个问题，没有写出任何结果。refused: {count} problems, nothing was written", err=True
        )
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        typer.echo(f"{error.filename or ''}: {error.strerror}（读写文件失败 cannot read or write）", err=True)
        sys.exit(2)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        if os.environ.get(SHOW_TRACEBACK):
            raise
        typer.echo(f"程序出错 internal error: {type(error).__name__}: {str(error)[:300]}", err=True)
        typer.echo(f"这是程序的错误，请报告；{SHOW_TRACEBACK}=1 显示细节 please report it", err=True)
        sys.exit(2)


if __name__ == "__main__":
    run()
