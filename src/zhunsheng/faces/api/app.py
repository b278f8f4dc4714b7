"""The API, put together; its addresses, its description, the page that tells people what can be asked."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.openapi import get_schema
from ninja.throttling import BaseThrottle

from zhunsheng import __version__
from zhunsheng.faces.api import (
    capability,
    held,
    management,
    nearby,
    problems,
    registers,
    results,
    rulebook,
    stocktaking,
    supervision,
)
from zhunsheng.faces.api.throttles import ByAddress, ByToken
from zhunsheng.foundation.bilingual import t

PREFIX = "/api/"
SAYS = t(
    "The questions that the pages ask, answered as JSON. Without a token one is the public; with one its user, within its scopes. "
    "Pages go on from “next”. Everything that goes wrong is application/problem+json in the language of Accept-Language.",
    "以 JSON 回答各页面所问的问题。不带令牌即为公众；带令牌即以其用户身份、在其权限范围内查询。翻页使用 “next”。"
    "出错时一律返回 application/problem+json，语言由 Accept-Language 决定。",
)


THROTTLES: list[BaseThrottle] = [ByToken(600), ByAddress(120)]
"""Questions a minute."""

api = NinjaAPI(
    title="Zhunsheng 准绳", version=__version__, description=SAYS.both("\n\n"), openapi_url=None, docs_url=None,
    throttle=THROTTLES,
)  # fmt: skip
problems.install(api)
api.add_router("/v1", registers.router)
api.add_router("/v1", nearby.router)
api.add_router("/v1", capability.router)
api.add_router("/v1", capability.asking)
api.add_router("/v1", rulebook.router)
api.add_router("/v1", held.router)
api.add_router("/v1", management.router)
api.add_router("/v1", stocktaking.router)
api.add_router("/v1", supervision.router)
api.add_router("/v1", results.router)


@cache
def description() -> dict[str, Any]:
    """OpenAPI 3.1 of all that can be asked; made once a process, for making it takes a third of a second. Not to be changed."""
    found: dict[str, Any] = dict(get_schema(api, path_prefix=PREFIX))
    for operations in found["paths"].values():
        for operation in operations.values():
            as_problems(operation["responses"])
            if is_public(operation):
                operation["security"].append({})  # the empty requirement: nothing is needed
    return found


def is_public(operation: dict[str, Any]) -> bool:
    """May one ask it without a token?"""
    return "registers" in operation["tags"]


def as_problems(responses: dict[Any, Any]) -> None:
    """Say of the refusals that they are problems; the generator knows one content type only."""
    for status, answer in responses.items():
        if int(status) >= 400:
            answer["content"] = {problems.CONTENT_TYPE: answer["content"].pop("application/json")}


def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def addresses() -> list[URLPattern | URLResolver]:
    """All addresses below /api/; the last takes whatever is none."""
    from zhunsheng.faces.api.docs import docs

    ours = [one for one in api.urls[0] if getattr(one, "name", "") != "api-root"]
    return [
        path("", docs, name="api_docs"),
        path("openapi.json", openapi, name="api_openapi"),
        *ours,
        path("<path:rest>", problems.nowhere, name="api_nowhere"),
    ]
