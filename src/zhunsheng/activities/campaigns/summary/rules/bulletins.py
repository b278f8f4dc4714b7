"""What a bulletin must be before anybody may release it; pure."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from zhunsheng.activities.campaigns.summary.rules.anonymity import Hit
from zhunsheng.activities.campaigns.summary.states import CASE, FOREWORD, KINDS, MARKS
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.signing import canonical_json

LONGEST = {"title": 200, "text": 10_000}


class BulletinRefused(Exception):
    """Something about a bulletin that cannot be, in words; where a text gives somebody away, with every place."""

    def __init__(self, reason: Text, hits: Sequence[Hit] = ()) -> None:
        super().__init__(reason.en)
        self.reason, self.hits = reason, tuple(hits)


def check_passage(
    kind: str, title: Text, text: Text, code: str, field: str, known: Collection[str], fields: Collection[str]
) -> None:
    """A text is complete in both languages; a case names its class. Raises BulletinRefused."""
    if kind not in KINDS:
        raise BulletinRefused(t("There is no such part of a bulletin.", "通报没有这一部分。"))
    if not (text.zh.strip() and text.en.strip()):
        raise BulletinRefused(t("Write the text in Chinese and in English.", "请用中文和英文写出正文。"))
    if kind != FOREWORD and not (title.zh.strip() and title.en.strip()):
        raise BulletinRefused(t("Give it a title in Chinese and in English.", "请用中文和英文写出标题。"))
    if max(len(text.zh), len(text.en)) > LONGEST["text"] or max(len(title.zh), len(title.en)) > LONGEST["title"]:
        raise BulletinRefused(t("The text is too long.", "内容过长。"))
    if kind == CASE and code not in known:
        raise BulletinRefused(t("Say of which class the case is.", "请注明案例所属的问题类别。"))
    if field and field not in fields:
        raise BulletinRefused(t("There is no such field.", "没有该领域。"))


def passage_sha256(kind: str, title: Text, text: Text, institution: str) -> str:
    """What a consent is bound to: SHA-256 of kind, title, text and the institution's key, as canonical JSON (RFC 8785)."""
    said = {"kind": kind, "title": [title.zh, title.en], "text": [text.zh, text.en], "institution": institution}
    return hashlib.sha256(canonical_json(said)).hexdigest()


def check_anonymous(found: Sequence[tuple[Text, Hit]]) -> None:
    """Raise BulletinRefused with every place where a text gives somebody away. `found`: of which text, and where."""
    if not found:
        return
    said = [
        t(
            "{w}, line {l}, character {c}: “{x}” ({m}; in “…{e}…”).", "{w}第 {l} 行第 {c} 字：“{x}”（{m}；见“……{e}……”）。",
            w=where, l=hit.line, c=hit.column, x=hit.found, m=MARKS[hit.kind], e=hit.excerpt,
        )
        for where, hit in found
    ]  # fmt: skip
    lead = t("The text gives somebody away.", "内容可推知具体机构或人员。")
    raise BulletinRefused(join([lead, *said], en=" ", zh=""), [hit for _, hit in found])


def check_consent(by_whom: str, position: str, document: str, said_on: date, today: date) -> None:
    """Who said it, as what, in which document, and on a day that has come. Raises BulletinRefused."""
    if not (by_whom.strip() and position.strip() and document.strip()):
        raise BulletinRefused(
            t(
                "Say who consented, in which position, and in which document.",
                "请写明由谁、以何职务、在哪份文件中作出表示。",
            )
        )
    if said_on > today:
        raise BulletinRefused(t("The day of the consent has not come yet.", "作出表示的日期不能晚于今日。"))


def check_reason(reason: Text) -> None:
    """A corrigendum says why, in both languages. Raises BulletinRefused."""
    if not (reason.zh.strip() and reason.en.strip()):
        raise BulletinRefused(
            t("Say in Chinese and in English why the earlier bulletin is corrected.", "请用中文和英文写明更正原因。")
        )


def check_named(practices: Sequence[tuple[Text, bool]]) -> None:
    """Whoever is named agreed to the text as it stands. `practices`: title, and whether consent stands. Raises BulletinRefused."""
    for title, agreed in practices:
        if not agreed:
            raise BulletinRefused(
                t(
                    "“{x}” names an institution that has not agreed to this text. Record its consent, or leave the name out.",
                    "“{x}”具名的机构尚未同意现有内容。请登记其同意，或者不具名。",
                    x=title,
                )
            )  # fmt: skip
