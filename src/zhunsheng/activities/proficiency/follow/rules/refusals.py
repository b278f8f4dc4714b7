"""That something cannot be done, and who may not do it; pure."""

from collections.abc import Collection, Hashable

from zhunsheng.foundation.bilingual import Text, t


class FollowRefused(ValueError):
    """It cannot be done as it was asked for; nothing was done."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_reason(reason: str) -> None:
    """Raise FollowRefused without a reason."""
    if not reason.strip():
        raise FollowRefused(t("Say why.", "请写明理由。"))


def check_other_person(who: Hashable, submitters: Collection[Hashable]) -> None:
    """Raise FollowRefused where whoever answered would review the answer."""
    if who in submitters:
        raise FollowRefused(t("Another person reviews than answered.", "审核人不得是答复人，请由其他人员审核。"))


def check_outsider(places: Collection[Hashable], family: Collection[Hashable]) -> None:
    """Raise FollowRefused where somebody would judge the laboratory in which the person holds a post."""
    if set(places) & set(family):
        raise FollowRefused(t("Nobody judges the own laboratory.", "不得审核本人任职实验室。"))


def check_decider(who: Hashable, acted: Collection[Hashable]) -> None:
    """Raise FollowRefused where whoever evaluated or released the round would decide an appeal against it."""
    if who in acted:
        raise FollowRefused(
            t(
                "Who evaluated or released the round does not decide an appeal against it: let another coordinator decide.",
                "评定或发布本轮次的人员不得处理对其结果的申诉，请由其他协调员处理。",
            )
        )


def check_released(state: str) -> None:
    """Raise FollowRefused before the release."""
    if state != "released":
        raise FollowRefused(t("The round is not released yet.", "本轮次尚未发布。"))
