"""The paper of a self-check (自查表) as data and as PDF: who, by which checklist, what was answered."""

import hashlib
from datetime import date
from typing import Any

from django.utils import timezone

from zhunsheng.activities.campaigns.selfcheck.models import Checklist, Frozen, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import Line, as_submitted, lines_of
from zhunsheng.activities.campaigns.selfcheck.states import FINE, GROUPS, NOT_APPLICABLE, OPEN, PROBLEM, SELFCHECK
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.typesetting.charts import ChartLanguage
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries import family_ids, head_of
from zhunsheng.registry.institutions.queries.searching import certificates_of
from zhunsheng.registry.people.models import Post as Held
from zhunsheng.registry.people.states import NAMES, Post

HEADS = (
    t("No.", "序号"), t("What is checked", "自查内容"), t("Proof to look at", "证明材料要求"), t("Problem found?", "是否发现问题"),
    t("Problem, or why not applicable", "问题描述或不适用理由"), t("Correction", "整改情况"), t("Files", "附件"),
)  # fmt: skip
FOUND = {
    FINE: t("No", "否"),
    PROBLEM: t("Yes", "是"),
    NOT_APPLICABLE: t("Not appl.", "不适用"),
    OPEN: t("open", "未作答"),
}
WIDTHS = (0, 2.4, 1.3, 0.8, 1.9, 1.5, 0)
"""Of the columns, one to another; 0 for what the words need."""
NAMED_POSTS = (Post.TECHNICAL_MANAGER, Post.QUALITY_MANAGER)


def words(text: Text | str) -> dict[str, str]:
    """A sentence as papers keep it; what is no sentence is the same in both languages."""
    return {"en": text.en, "zh": text.zh} if isinstance(text, Text) else {"en": text, "zh": text}


def _version(checklist: Checklist) -> Text:
    return t("{n}, version {v}", "{n}，第 {v} 版", n=checklist.name, v=checklist.version)


def paper_of(form: SelfCheck, frozen: Frozen | None, *, on: date) -> dict[str, Any]:
    """The form as it was submitted last, with its digest; before that, and while it is mended, as it stands. `on`: the day of the entry."""
    is_final = frozen is not None and not SELFCHECK.can("submit", form.state)
    lines = lines_of(form, with_registers=False)
    lines = as_submitted(lines, frozen) if frozen is not None and is_final else lines
    return {
        "number": str(form.pk)[:8], "title": words(t("Self-check table", "自查表")),
        "issuer": words(form.call.campaign.title),
        "facts": [
            *_entry(head_of(form.participant.institution), on),
            _fact(t("Checklist", "自查表版本"), _version(form.call.checklist)),
            _fact(t("State", "状态"), SELFCHECK.states[form.state].name),
            *([_fact(t("Submitted", "提交时间"), _submitted(frozen))] if frozen is not None and is_final else []),
        ],
        "passages": [words(t("★: a condition of approval.", "★ 为资质认定基本条件。"))],
        "sections": [_section(group, [one for one in lines if one.item.group == group]) for group in _groups(lines)],
        "signatures": [words(t("Filled in by", "填表人")), words(t("Legal representative (signature, seal)", "法定代表人（签字、盖章）"))],
    }  # fmt: skip


def _entry(place: Institution, on: date) -> list[list[dict[str, str]]]:
    """The entry of the institution on a day, as the table asks for it."""
    valid = [
        one for one in certificates_of([place], known_on=on).get(place.pk, []) if one.valid_from <= on <= one.valid_to
    ]
    contact = place.contacts.order_by("pk").first()
    return [
        _fact(t("Institution", "机构名称"), place.name),
        _fact(t("Unified social credit code", "统一社会信用代码"), place.uscc or "–"),
        _fact(t("Address", "地址"), place.address or "–"),
        _fact(t("Legal representative", "法定代表人"), place.legal_representative or "–"),
        _fact(t("Contact", "联系人"), " ".join(filter(None, (contact.name, contact.phone))) if contact else "–"),
        *(_fact(t("Certificate", "资质认定证书"), _certificate(one)) for one in valid),
        *(_fact(NAMES[post], "、".join(names) or "–") for post, names in _holders(place, on).items()),
    ]


def _certificate(one: Certificate) -> Text:
    named = " ".join(filter(None, (one.scheme, one.number, one.issuer)))
    return t("{n}, {a} to {b}", "{n}，{a} 至 {b}", n=named, a=one.valid_from, b=one.valid_to)


def _holders(place: Institution, on: date) -> dict[Post, list[str]]:
    held = Held.objects.filter(holding(on), institution__in=family_ids(place), kind__in=NAMED_POSTS)
    found: dict[Post, list[str]] = {post: [] for post in NAMED_POSTS}
    for kind, name in held.order_by("person__name", "pk").values_list("kind", "person__name"):
        found[Post(kind)].append(name)
    return found


def _submitted(frozen: Frozen) -> Text:
    said = {
        "at": f"{timezone.localtime(frozen.submitted_at):%Y-%m-%d %H:%M}",
        "v": frozen.version,
        "h": frozen.sha256,
    }
    return t("{at}, version {v}, SHA-256 {h}", "{at}，第 {v} 次，SHA-256 {h}", **said)


def _fact(label: Text, value: Text | str) -> list[dict[str, str]]:
    return [words(label), words(value)]


def _groups(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(one.item.group for one in lines))


def _section(group: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "head": words(GROUPS.get(group, t("{g}", "{g}", g=group))), "columns": [words(one) for one in HEADS], "widths": list(WIDTHS),
        "rows": [_row(one) for one in lines],
    }  # fmt: skip


def _row(line: Line) -> list[dict[str, str]]:
    given = line.given
    answer = FOUND[given.answer]
    number = f"{line.item.no}★" if line.item.starred else f"{line.item.no}"
    files = str(len(line.proofs)) if line.proofs else "–"
    said = (number, line.item.text, line.item.evidence, answer, given.remark or "–", given.correction or "–", files)
    return [words(one) for one in said]


def paper_pdf(form: SelfCheck, frozen: Frozen | None, lang: ChartLanguage, *, on: date) -> bytes:
    """The table as a tagged PDF that carries its own data as `self-check.json` (RFC 8785)."""
    paper = paper_of(form, frozen, on=on)
    content = canonical_json(paper)
    described = "Data of this table, canonical JSON (RFC 8785) 自查表数据"
    data = {"lang": lang, "sha256": hashlib.sha256(content).hexdigest(), **paper}
    return typeset("paper", data, attachments={"self-check.json": Attachment(content, "application/json", described)})
