"""JSON that has one form only, so that a hash over it means something (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing.plain_json import canonical_if_plain
from zhunsheng.foundation.signing.verdict import SigningError

MAX_SAFE_INTEGER = 2**53 - 1  # beyond it two readers may see two numbers (RFC 7493, 2.2)


class JsonError(SigningError, ValueError):
    """Data that JSON cannot carry unambiguously."""


def canonical_json(obj: Any) -> bytes:
    """The canonical form of `obj` (RFC 8785): sorted keys, no spaces, shortest numbers, UTF-8.

    Raises JsonError for NaN, infinities, integers beyond ±(2^53 − 1), lone surrogates and types that JSON lacks.
    """
    quick = canonical_if_plain(obj)
    if quick is not None:
        return quick
    try:
        return rfc8785.dumps(obj)
    except rfc8785.CanonicalizationError as error:
        raise JsonError(_cannot_be_written(error)) from error
    except RecursionError as error:
        raise JsonError(_too_deep()) from error


def parse_strict(data: bytes) -> Any:
    """The value of a JSON text, refusing what two readers could read in two ways.

    Raises JsonError for duplicate keys, NaN, infinities, numbers out of range, lone surrogates, a byte order mark,
    bytes that are not UTF-8, and anything that is not JSON (RFC 8259; RFC 7493).
    """
    try:
        value = _parse(data.decode("utf-8"))
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # the one place where a lone \ud800 shows itself
    except UnicodeError as error:
        raise JsonError(t("The data are not valid UTF-8 text.", "数据不是有效的 UTF-8 文本。")) from error
    except json.JSONDecodeError as error:
        raise JsonError(_not_json(error)) from error
    except RecursionError as error:
        raise JsonError(_too_deep()) from error
    return value


def _parse(text: str) -> Any:
    return json.loads(
        text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_safe
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise JsonError(
                t('The data name "{key}" twice in one object.', "数据中同一对象内有重复的键“{key}”。", key=key)
            )
        result[key] = value
    return result


def _refuse_constant(name: str) -> Any:
    raise JsonError(t("{name} is not a JSON number.", "{name} 不是 JSON 数值。", name=name))


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise JsonError(_out_of_range(digits))
    return number


def _safe(digits: str) -> int | float:
    if len(digits) <= 17 and abs(int(digits)) <= MAX_SAFE_INTEGER:
        return int(digits)
    # A float of up to 1e21 is written without exponent (RFC 8785, 3.2.2.3); such digits are those of no other float.
    if len(digits) <= 22 and rfc8785.dumps(float(digits)) == digits.encode():
        return float(digits)
    raise JsonError(_out_of_range(digits))


def _out_of_range(digits: str) -> Text:
    return t("The number {n} is out of range.", "数值 {n} 超出范围。", n=digits[:40])


def _cannot_be_written(error: rfc8785.CanonicalizationError) -> Text:
    if isinstance(error, rfc8785.FloatDomainError):
        return t("NaN and infinity cannot be written as JSON.", "NaN 和无穷大不能写成 JSON。")
    if isinstance(error, rfc8785.IntegerDomainError):
        return t("An integer is beyond ±(2^53 − 1).", "有整数超出 ±(2^53 − 1)。")
    return t("A value is of a type or in characters that JSON cannot carry.", "有值的类型或字符是 JSON 无法表示的。")


def _not_json(error: json.JSONDecodeError) -> Text:
    return t(
        "The data are not JSON: line {line}, column {column}.",
        "数据不是 JSON：第 {line} 行第 {column} 列有误。",
        line=error.lineno,
        column=error.colno,
    )


def _too_deep() -> Text:
    return t("The data are nested too deeply.", "数据嵌套过深。")
