"""Which accepted rectifications are looked at again: by chance that anybody can check.

The list is frozen and its hash published, then a public value comes that nobody knew. seed = SHA-256(hash of the list ‖ value as
ASCII); each rectification has the number SHA-256(seed ‖ "even|ID"), and the ⌈a n / b⌉ smallest are drawn.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date

from zhunsheng.activities.campaigns.draw.rules.chance import Numbers, seed_of
from zhunsheng.activities.campaigns.rectification.rules.reports import RectificationRefused
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json

BEACON = re.compile(r"[0-9a-z]{6,128}")


def list_bytes(ids: Sequence[str], share: tuple[int, int]) -> bytes:
    """The frozen list: canonical JSON (RFC 8785) of the ids ascending and of the share."""
    return canonical_json({"ids": sorted(ids), "share": list(share)})


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_list(ids: Sequence[str], share: tuple[int, int]) -> None:
    """Raise RectificationRefused for an empty list, or a share that is none."""
    a, b = share
    if not ids:
        raise RectificationRefused(t("Nothing was accepted yet.", "尚无验收通过的整改。"))
    if not 0 < a <= b:
        raise RectificationRefused(
            t("The share is more than 0 and at most 100 %.", "抽取比例应大于 0 且不超过 100 %。")
        )


def check_beacon(value: str, on: date, today: date) -> None:
    """Raise RectificationRefused before the day of the value, or for one that is written otherwise."""
    if today < on:
        raise RectificationRefused(t("The value is known from {d} on.", "随机值自 {d} 起可知。", d=on.isoformat()))
    if not BEACON.fullmatch(value):
        raise RectificationRefused(t("The value is digits and small letters.", "随机值仅含数字和小写字母。"))


def drawn(ids: Sequence[str], share: tuple[int, int], value: str) -> tuple[str, list[tuple[str, str]]]:
    """The seed, and the drawn ids with their numbers, the smallest number first."""
    seed = seed_of(sha256(list_bytes(ids, share)), [], value)
    numbers = Numbers(seed)
    every = sorted((numbers.even(one), one) for one in ids)
    return seed, [(one, number) for number, one in every[: how_many(len(ids), share)]]


def how_many(n: int, share: tuple[int, int]) -> int:
    """⌈a n / b⌉."""
    a, b = share
    return (n * a + b - 1) // b
