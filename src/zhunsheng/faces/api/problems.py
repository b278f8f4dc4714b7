"""Whatever goes wrong, said the same way: problem JSON (RFC 9457) in the language that the caller asked for."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError

from zhunsheng.foundation.bilingual import Text, language, t

CONTENT_TYPE = "application/problem+json"
DETAILS: dict[int, Text] = {
    400: t("The request cannot be read.", "无法读取该请求。"),
    401: t("A good token is needed: Authorization: Bearer zsa_…", "需要有效令牌：Authorization: Bearer zsa_…"),
    403: t(
        "This token may not do this. Make one with the scope that is needed.",
        "该令牌无此权限，请新建具有所需权限的令牌。",
    ),
    404: t("There is no such thing, or it is not for you.", "该内容不存在，或您无权查看。"),
    405: t("This address does not answer to this method.", "该地址不支持此请求方法。"),
    422: t("What was asked cannot be understood; see errors.", "请求参数有误，详见 errors。"),
    429: t("Too many questions at once. Wait, then go on.", "请求过于频繁，请稍候再试。"),
}


class Fault(Schema):
    """One part of a question that cannot be understood."""

    where: str
    what: str


class Problem(Schema):
    """What went wrong (RFC 9457), in the language of Accept-Language."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


def problem(status: int, *, detail: Text | None = None, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """The answer for something that went wrong."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
        "detail": str(detail or DETAILS[status]), "errors": errors or [],
    }  # fmt: skip
    answer = JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})
    answer["Content-Language"] = "zh-Hans" if language() == "zh" else "en"
    answer["Vary"] = "Accept-Language"
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


class Misunderstood(Exception):
    """A part of the question that is well formed and still means nothing, with the sentence why."""

    def __init__(self, where: str, reason: Text) -> None:
        super().__init__(reason.en)
        self.where, self.reason = where, reason


def install(api: NinjaAPI) -> None:
    """Let every refusal of an API be a problem."""
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(Http404, lambda request, exc: problem(404))
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(Misunderstood, _misunderstood)


def _refused(request: HttpRequest, exc: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(exc, HttpError)
    answer = problem(exc.status_code if exc.status_code in DETAILS else 400)
    if isinstance(exc, Throttled) and exc.wait:
        answer["Retry-After"] = str(exc.wait)
    return answer


def _not_valid(request: HttpRequest, exc: ValidationError | type[ValidationError]) -> HttpResponse:
    assert isinstance(exc, ValidationError)
    said = [{"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"]} for one in exc.errors]
    return problem(422, errors=said)


def _misunderstood(request: HttpRequest, exc: Misunderstood | type[Misunderstood]) -> HttpResponse:
    assert isinstance(exc, Misunderstood)
    return problem(422, errors=[{"where": exc.where, "what": str(exc.reason)}])


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address below /api/ that is none."""
    return problem(404)
