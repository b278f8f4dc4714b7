"""The command line. Each command is a function in a module of its own, imported when it is called.

To add a command: write the function with typer's annotations, then name it in COMMANDS. What a command needs beyond
typer is imported inside its function, so that `zhunsheng verify` never waits for Django or for the statistics.
"""

from __future__ import annotations

import importlib
import os
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "evaluate": ("zhunsheng.faces.cli.evaluate", "evaluate"),
    "verify": ("zhunsheng.faces.cli.verify", "verify"),
    "serve": ("zhunsheng.faces.cli.serve", "serve"),
    "work": ("zhunsheng.faces.cli.serve", "work"),
    "demo-data": ("zhunsheng.faces.cli.demo_data", "demo_data"),
    "import": ("zhunsheng.faces.cli.registers", "import_"),
    "template": ("zhunsheng.faces.cli.registers", "template"),
    "export": ("zhunsheng.faces.cli.registers", "export"),
    "remind": ("zhunsheng.faces.cli.remind", "remind"),
    "backup": ("zhunsheng.faces.cli.backup", "backup"),
    "restore": ("zhunsheng.faces.cli.backup", "restore"),
    "revoke-tokens": ("zhunsheng.faces.cli.backup", "revoke_tokens"),
    "forget-factors": ("zhunsheng.faces.cli.forget_factors", "forget_factors"),
    "journal": ("zhunsheng.faces.cli.journal", "journal"),
    "draw": ("zhunsheng.faces.cli.draw", "draw"),
    "states": ("zhunsheng.faces.cli.states", "states"),
    "appoint": ("zhunsheng.faces.cli.appoint", "appoint"),
    "openapi": ("zhunsheng.faces.cli.openapi", "openapi"),
    "roles": ("zhunsheng.faces.cli.roles", "roles"),
}
"""Name of a command → module and function, or a typer.Typer with commands of its own.

A module may have `COMMAND_CLASSES`: name → TyperCommand subclass.
"""


class LazyCommands(TyperGroup):
    """A group whose commands are imported one by one, when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return load(cmd_name) if cmd_name in COMMANDS else None


def load(name: str) -> Any:
    """One command, ready to be run by click."""
    module_name, function = COMMANDS[name]
    module = importlib.import_module(module_name)
    if isinstance(group := getattr(module, function), typer.Typer):
        return typer.main.get_command(group)
    cls: type[TyperCommand] = getattr(module, "COMMAND_CLASSES", {}).get(name, TyperCommand)
    single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    single.command(name, cls=cls)(getattr(module, function))
    return typer.main.get_command(single)


app = typer.Typer(
    name="zhunsheng",
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from zhunsheng import __version__

        typer.echo(f"zhunsheng {__version__}")
        raise typer.Exit


@app.callback()
def zhunsheng(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version. 显示版本号。"),
    ] = False,
) -> None:
    """Zhunsheng 准绳: what laboratories can measure, shown by evidence. 检验检测能力，以数据为准绳。"""


def main() -> None:
    """The entry point `zhunsheng`. What it writes is for its owner alone, above all a new database and its log beside it."""
    os.umask(0o077)
    app()
