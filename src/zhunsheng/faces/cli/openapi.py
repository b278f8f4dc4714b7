"""`zhunsheng openapi`: the description of the API, as programs read it."""

import json

import typer

from zhunsheng.faces.cli.serve import setup


def openapi() -> None:
    """Print the OpenAPI description. 打印 OpenAPI 描述文件。"""
    setup()
    from zhunsheng.faces.api.app import description

    typer.echo(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True))
