"""What a token of the API may do, and for how long; pure."""

from collections.abc import Mapping
from datetime import timedelta

from zhunsheng.foundation.bilingual import Text, t

LONGEST = timedelta(days=365)
LIFETIMES: Mapping[int, Text] = {
    30: t("30 days", "30 天"), 90: t("90 days", "90 天"), 180: t("180 days", "180 天"), 365: t("one year", "一年"),
}  # fmt: skip
NOTED_EVERY = timedelta(minutes=1)
"""The last use is noted at most so often: a reader of thousands of pages is no writer of thousands of rows."""

SCOPES: Mapping[str, Text] = {
    "read:registers": t("read the registers as you see them", "读取您可查看的登记信息"),
    "read:capability": t("read capability and evidence as you see them", "读取您可查看的能力与证据"),
    "read:supervision": t(
        "read stock-taking, lived rules, risk classes and findings as you see them",
        "读取您可查看的摸底、制度落实、信用风险分类和疑点信息",
    ),
    "report:results": t("read and enter your results of proficiency testing", "读取并填报本室能力验证结果"),
    "ask:eligibility": t("ask about eligibility and read the answers", "查询分包资格并读取答复"),
}


class BadToken(Exception):
    """A token that is not made, with the sentence why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_scopes(scopes: list[str]) -> None:
    """A token may do something, and nothing that there is no word for."""
    if not scopes or set(scopes) - SCOPES.keys():
        raise BadToken(t("Choose what the token may do.", "请选择令牌的权限范围。"))


def check_lifetime(lifetime: timedelta) -> None:
    """A token ends, after a year at the latest."""
    if not timedelta(0) < lifetime <= LONGEST:
        raise BadToken(t("A token lasts a year at most.", "令牌有效期最长为一年。"))
