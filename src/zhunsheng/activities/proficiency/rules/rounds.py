"""What a round must satisfy before something is done to it; pure."""

from collections.abc import Hashable, Mapping, Sequence

from zhunsheng.foundation.bilingual import Text, t


class CannotDo(Exception):
    """A verb cannot be done, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


NOT_COLLECTED = t("The results are not collected yet. Close the collection first.", "结果尚未收齐，请先截止上报。")


def check_as_planned(in_results: int, in_round: int) -> None:
    """The results speak of the measurands of the round, each once."""
    if in_results != in_round:
        raise CannotDo(
            t(
                "The results are of {n} measurands, the round has {m}. Collect them anew.",
                "结果中有 {n} 个被测量，而本轮次有 {m} 个，请重新收集结果。",
                n=in_results,
                m=in_round,
            )
        )


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


def check_each_once(institution_of: Mapping[str, Hashable]) -> None:
    """No institution takes part under two names; `institution_of` by the name written in the file."""
    seen: dict[Hashable, str] = {}
    for name, institution in institution_of.items():
        if institution in seen:
            raise CannotDo(
                t(
                    "“{a}” and “{b}” are the same institution in the register. Write one name for it; several rows of one"
                    " laboratory are replicates.",
                    "“{a}”与“{b}”在登记库中是同一机构。请统一名称；同一实验室的多行视为重复测定。",
                    a=seen[institution],
                    b=name,
                )
            )
        seen[institution] = name


def check_looked_at(evaluation: Hashable, newest: Hashable) -> None:
    """What is released is what the person looked at."""
    if evaluation != newest:
        raise CannotDo(
            t(
                "The round has been evaluated again since you looked at it. Look at the new evaluation, then release.",
                "您查看之后，该轮次已重新评定。请先查看新的评定结果，再发布。",
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


def check_not_released(state: str, *, correcting: bool = False) -> None:
    """A released round is not changed, unless a correction of it was begun."""
    if state == "released" and not correcting:
        raise CannotDo(t("The round is released; its settings stay as they were.", "该轮次已发布，设置不再更改。"))
