"""What a round must satisfy before something is done to it; pure."""

from collections.abc import Sequence

from zhunsheng.foundation.bilingual import Text, t


class CannotDo(Exception):
    """A verb cannot be done, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_number(number: str, taken: Sequence[str]) -> None:
    """A round's number is given and new."""
    if not number.strip():
        raise CannotDo(t("Give the round a number.", "请填写轮次编号。"))
    if number.strip() in taken:
        raise CannotDo(
            t(
                "The number {n} is taken by another round. Choose another.",
                "编号 {n} 已被其他轮次使用，请更换。",
                n=number,
            )
        )


def check_current(evaluated_stamp: int | None, stamp: int) -> None:
    """A release rests on an evaluation of the results and settings as they are now."""
    if evaluated_stamp != stamp:
        raise CannotDo(
            t(
                "The settings have changed since the last evaluation. Evaluate again before the release.",
                "上次评定之后设置已更改，请重新评定后再发布。",
            )
        )


def check_not_released(state: str) -> None:
    """A released round is not changed; a corrigendum will be."""
    if state == "released":
        raise CannotDo(t("The round is released; its settings stay as they were.", "该轮次已发布，设置不再更改。"))
