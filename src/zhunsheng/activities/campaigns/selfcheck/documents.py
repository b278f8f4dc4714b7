"""The paper of a self-check (自查表) as data and as PDF: who, by which checklist, what was answered."""

import hashlib
from typing import Any

from django.utils import timezone

from zhunsheng.activities.campaigns.selfcheck.models import Checklist, Frozen, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import Line, lines_of
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, GROUPS, SELFCHECK
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.typesetting.charts import ChartLanguage
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset

HEADS = (
    t("No.", "序号"), t("What is checked", "自查内容"), t("Answer", "自查结论"),
    t("Problem, or why not applicable", "问题描述或不适用理由"), t("Correction", "整改情况"),
)  # fmt: skip


def words(text: Text | str) -> dict[str, str]:
    """A sentence as papers keep it; what is no sentence is the same in both languages."""
    return {"en": text.en, "zh": text.zh} if isinstance(text, Text) else {"en": text, "zh": text}


def _version(checklist: Checklist) -> Text:
    return t("{n}, version {v}", "{n}，第 {v} 版", n=checklist.name, v=checklist.version)


def paper_of(form: SelfCheck, frozen: Frozen | None) -> dict[str, Any]:
    """The form as it stands, with the digest of what was submitted, if it was."""
    place, lines = form.participant.institution, lines_of(form, with_registers=False)
    return {
        "number": str(form.pk)[:8], "title": words(t("Self-check table", "自查表")),
        "issuer": words(form.call.campaign.title),
        "facts": [
            _fact(t("Institution", "机构名称"), place.name),
            _fact(t("Unified social credit code", "统一社会信用代码"), place.uscc or "–"),
            _fact(t("Address", "地址"), place.address or "–"),
            _fact(t("Legal representative", "法定代表人"), place.legal_representative or "–"),
            _fact(t("Checklist", "自查表版本"), _version(form.call.checklist)),
            _fact(t("State", "状态"), SELFCHECK.states[form.state].name),
            *([_fact(t("Submitted", "提交时间"), _submitted(frozen))] if frozen else []),
        ],
        "passages": [],
        "sections": [_section(group, [one for one in lines if one.item.group == group]) for group in _groups(lines)],
        "signatures": [words(t("Filled in by", "填表人")), words(t("Legal representative (signature, seal)", "法定代表人（签字、盖章）"))],
    }  # fmt: skip


def _submitted(frozen: Frozen) -> Text:
    said = {
        "at": f"{timezone.localtime(frozen.submitted_at):%Y-%m-%d %H:%M}",
        "v": frozen.version,
        "h": frozen.sha256[:16],
    }
    return t("{at}, time {v}, SHA-256 {h}…", "{at}，第 {v} 次，SHA-256 {h}……", **said)


def _fact(label: Text, value: Text | str) -> list[dict[str, str]]:
    return [words(label), words(value)]


def _groups(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(one.item.group for one in lines))


def _section(group: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "head": words(GROUPS.get(group, t("{g}", "{g}", g=group))), "columns": [words(one) for one in HEADS],
        "rows": [_row(one) for one in lines],
    }  # fmt: skip


def _row(line: Line) -> list[dict[str, str]]:
    star = "*" if line.item.starred else ""
    answer = ANSWERS[line.answer.answer] if line.answer.answer else t("not answered", "未作答")
    return [
        words(f"{line.item.no}{star}"),
        words(line.item.text),
        words(answer),
        words(line.answer.remark or "–"),
        words(line.answer.correction or "–"),
    ]


def paper_pdf(form: SelfCheck, frozen: Frozen | None, lang: ChartLanguage) -> bytes:
    """The table as a tagged PDF that carries its own data as `self-check.json` (RFC 8785)."""
    paper = paper_of(form, frozen)
    content = canonical_json(paper)
    described = "Data of this table, canonical JSON (RFC 8785) 自查表数据"
    data = {"lang": lang, "sha256": hashlib.sha256(content).hexdigest(), **paper}
    return typeset("paper", data, attachments={"self-check.json": Attachment(content, "application/json", described)})
