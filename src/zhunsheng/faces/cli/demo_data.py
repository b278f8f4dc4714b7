"""`zhunsheng demo-data`: a made-up national network in an empty database."""

from __future__ import annotations

from typing import Annotated

import typer


def demo_data(
    institutions: Annotated[int, typer.Option(min=1, max=200_000, help="How many institutions. 机构数量。")] = 1_000,
    scope_lines: Annotated[
        int, typer.Option(min=1, max=20_000_000, help="About how many scope lines in all. 能力项总数（约）。")
    ] = 20_000,
    seed: Annotated[int, typer.Option(min=0, max=65_535, help="The same seed gives the same network. 随机种子。")] = 1,
) -> None:
    """Fill an empty database with a made-up national network. 向空数据库写入虚构的全国网络。"""
    from zhunsheng.faces.cli.serve import setup

    setup()
    from django.core.management import call_command
    from django.utils import timezone

    from zhunsheng.faces.demo.national.load import NotEmpty, load
    from zhunsheng.faces.demo.national.rows import National

    call_command("migrate", verbosity=0, interactive=False)
    network = National(institutions=institutions, lines=scope_lines, seed=seed, at=timezone.now())
    try:
        written = load(network, progress=lambda what, n: typer.echo(f"\r{what}: {n:,}    ", nl=False, err=True))
    except NotEmpty:
        typer.echo("The register holds institutions already: choose an empty database.", err=True)
        typer.echo("登记库中已有机构：请使用空数据库。", err=True)
        raise typer.Exit(2) from None
    typer.echo("", err=True)
    for what, n in written.items():
        typer.echo(f"{n:>12,} {what}")
