"""The page that tells people what can be asked, made from the description that programs read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.api.app import SAYS, description, is_public
from zhunsheng.faces.api.wording import PARAMETERS, SUMMARIES
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.accounts.token_rules import SCOPES
from zhunsheng.foundation.bilingual import Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """One part of a question."""

    name: str
    where: str
    needed: bool
    kind: str
    words: Text


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that can be asked."""

    method: str
    path: str
    words: Text
    public: bool
    parameters: list[Parameter]
    answer: str
    """the name of the shape of the answer"""


@require_GET
def docs(request: VisitedRequest) -> HttpResponse:
    """What can be asked, for people."""
    whole = description()
    shapes = whole["components"]["schemas"]
    return render(
        request, "api/docs.html",
        {
            "endpoints": list(endpoints(whole)), "says": SAYS, "scopes": SCOPES,
            "shapes": {name: list(fields(shape)) for name, shape in sorted(shapes.items()) if "properties" in shape},
        },
    )  # fmt: skip


def endpoints(whole: dict[str, Any]) -> Iterator[Endpoint]:
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"].rsplit("_", 1)[-1]
            yield Endpoint(
                method=method.upper(), path=path, words=SUMMARIES[f"{method} {path.removeprefix('/api/v1')}"],
                public=is_public(operation),
                parameters=[parameter(one) for one in operation.get("parameters", ())], answer=answer_of(operation, name),
            )  # fmt: skip


def parameter(one: dict[str, Any]) -> Parameter:
    name = one["name"]
    return Parameter(name, one["in"], one.get("required", False), kind_of(one["schema"]), PARAMETERS[name])


def answer_of(operation: dict[str, Any], name: str) -> str:
    schema = operation["responses"][200]["content"]["application/json"]["schema"]
    return kind_of(schema)


def fields(shape: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, schema in shape["properties"].items():
        yield name, kind_of(schema)


def kind_of(schema: dict[str, Any]) -> str:
    """A schema in a few letters: `string (date)`, `[ScopeLineShape]`, `"active" | "cancelled"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"[{kind_of(schema['items'])}]"
    return schema.get("type", "any") + (f" ({schema['format']})" if "format" in schema else "")
