"""What an answer must hold, and when all that is asked is answered."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, NOT_APPLICABLE, PROBLEM
from zhunsheng.foundation.bilingual import Text, t

LONGEST = 2000


class AnswerRefused(Exception):
    """An answer, or the whole self-check, cannot be taken as it is; `reason` says why, `item` which number."""

    def __init__(self, reason: Text, item: int | None = None) -> None:
        super().__init__(str(reason))
        self.reason, self.item = reason, item


class AnsweredMeanwhile(AnswerRefused):
    """Items that stand otherwise than their writer saw them; `items` names them."""

    def __init__(self, items: Collection[int]) -> None:
        said = t("Somebody else answered this meanwhile: item {n}.", "期间其他人已修改第 {n} 项。", n=min(items))
        super().__init__(said, min(items))
        self.items = frozenset(items)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: the item's number, the answer, and the words with it."""

    item: int
    answer: str
    remark: str = ""
    """what the problem is; why it does not apply; or what anyone wants to say"""
    correction: str = ""
    """what was done about a problem, or is planned"""

    @property
    def said(self) -> tuple[str, str, str]:
        return self.answer, self.remark.strip(), self.correction.strip()

    @property
    def stamp(self) -> str:
        """A short mark of what it says: whoever writes hands back the one of what he saw."""
        return hashlib.sha256(json.dumps(self.said).encode()).hexdigest()[:16]


def check_answer(given: Given) -> None:
    """Raise AnswerRefused for an unknown answer or words without end; words may be missing while it is being filled in."""
    if given.answer and given.answer not in ANSWERS:
        raise AnswerRefused(
            t("Item {n}: “{a}” is no answer.", "第 {n} 项：“{a}”不是可选答案。", n=given.item, a=given.answer),
            given.item,
        )
    if max(len(given.remark), len(given.correction)) > LONGEST:
        raise AnswerRefused(
            t(
                "Item {n}: the text is longer than {m} characters.",
                "第 {n} 项：文字超过 {m} 字。",
                n=given.item,
                m=LONGEST,
            ),
            given.item,
        )


def missing_of(given: Given) -> Text | None:
    """What an answer still lacks before it can be submitted."""
    if not given.answer:
        return t("Item {n} is not answered.", "第 {n} 项未作答。", n=given.item)
    if given.answer == PROBLEM and not given.remark.strip():
        return t("Item {n}: say what the problem is.", "第 {n} 项：请描述问题。", n=given.item)
    if given.answer == NOT_APPLICABLE and not given.remark.strip():
        return t("Item {n}: say why it does not apply.", "第 {n} 项：请说明不适用的理由。", n=given.item)
    return None


def check_complete(answers: Iterable[Given], unconfirmed: Iterable[int]) -> None:
    """Raise AnswerRefused naming the first thing that is missing, and how many more there are."""
    lacking = {one.item: lack for one in answers if (lack := missing_of(one))}
    lacking |= {n: _to_confirm(n) for n in unconfirmed}
    if not lacking:
        return
    missing = sorted(lacking.items(), key=lambda one: one[0])
    first, more = missing[0], len(missing) - 1
    said = first[1] if not more else t("{f} {n} more are not complete.", "{f}另有 {n} 项未完成。", f=first[1], n=more)
    raise AnswerRefused(said, first[0])


def _to_confirm(no: int) -> Text:
    return t("Item {n}: confirm what the registers say, or mend it.", "第 {n} 项：请确认或修改系统预填内容。", n=no)


def check_two_people(filled_by: Iterable[int | None], submits: int | None) -> None:
    """Raise AnswerRefused where whoever submits filled any of it in: nobody signs for what is his own."""
    if submits is not None and submits in set(filled_by):
        raise AnswerRefused(
            t(
                "You filled in some of it: the legal representative or another person who answers for the institution signs.",
                "您填写过本表内容，须由法定代表人或机构其他负责人签署提交。",
            )
        )
