"""The papers of a visit as data and as PDF: the task letter, the record that is signed, the letter of a decision."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhunsheng.activities.campaigns.inspection.models import Disposition, Exhibit, Extension, Finding, Inspection
from zhunsheng.activities.campaigns.inspection.queries import last_looks, standing_findings, team_of
from zhunsheng.activities.campaigns.inspection.rules.checklist import POINTS
from zhunsheng.activities.campaigns.inspection.rules.positions import position_words
from zhunsheng.activities.campaigns.inspection.states import GRADES, KINDS, MANNERS, OUTCOMES
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.signing import SigningKey, canonical_json, qr_claim, qr_svg, seal_pdf
from zhunsheng.foundation.typesetting.charts import ChartLanguage
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset
from zhunsheng.registry.rulebook.queries import book

Paper = dict[str, Any]


def words(text: Text | str) -> dict[str, str]:
    """A sentence as papers keep it; what is no sentence is the same in both languages."""
    return {"en": text.en, "zh": text.zh} if isinstance(text, Text) else {"en": text, "zh": text}


INSTITUTION = t("the institution", "被检查机构")
CODE, CLASS = words(t("Code", "代码")), words(t("Class", "问题类别"))


def finding_name(code: str) -> Text:
    """The name of a class of findings."""
    return book().classes[code].name


def task_letter(inspection: Inspection) -> Paper:
    """What officers show at the door: who sends whom, where, for how long, what is looked at, what the institution may do."""
    team = team_of(inspection)
    return {
        "kind": "task_letter", "number": inspection.number, "title": words(t("Task letter for an inspection", "检查任务书")),
        "issuer": words(inspection.authority.name),
        "facts": [
            _fact(t("Institution", "被检查机构"), inspection.institution.name),
            _fact(t("Officers", "检查人员"), "、".join(one.name for one in team)),
            _fact(t("Period", "检查期限"), f"{inspection.on.isoformat()} – {inspection.until.isoformat()}"),
            *(_extended(one) for one in inspection.extensions.all()),
            *([_fact(t("Campaign", "专项行动"), inspection.campaign.title)] if inspection.campaign else []),
            *([_fact(t("Matter", "检查事项"), inspection.reason)] if inspection.reason_zh else []),
        ],
        "passages": [
            words(t(
                "The officers show this letter and their credentials. At least two are present throughout.",
                "检查人员应当出示本任务书和执法证件，全程不少于 2 人。",
            )),
            words(t(
                "An officer who has worked for, advised or mentored the institution, or has another interest in it, steps aside; "
                "the institution may ask for that.",
                "检查人员曾在被检查机构任职，为其提供咨询、帮扶，或者存在其他利害关系的，应当回避；被检查机构有权申请回避。",
            )),
            words(t(
                "What is found is written down with its proof; the institution reads it, may state what it holds against it, "
                "and signs or refuses to sign.",
                "检查发现的问题连同证据如实记录；被检查机构有权阅看、陈述申辩，并签字或者拒绝签字。",
            )),
        ],
        "sections": [
            {
                "head": words(t("What is looked at", "检查要点")),
                "columns": [CODE, CLASS, words(t("Look", "检查内容")), words(t("Proof", "取证要点"))],
                "rows": [[words(one.code), words(finding_name(one.code)), words(one.look), words(one.proof)] for one in POINTS],
            }
        ],
        "signatures": [words(t("Issued by (seal)", "签发部门（盖章）"))],
    }  # fmt: skip


def record_document(inspection: Inspection, at: datetime) -> Paper:
    """The record as it is closed: who was there, what was looked at, each finding with its proof. This is what is signed."""
    looks = last_looks(inspection)
    found = list(standing_findings(inspection))
    return {
        "kind": "record", "number": inspection.number, "title": words(t("Record of an inspection", "现场检查记录")),
        "issuer": words(inspection.authority.name),
        "facts": [
            _fact(t("Institution", "被检查机构"), inspection.institution.name),
            _fact(t("Officers", "检查人员"), "、".join(one.name for one in team_of(inspection))),
            _fact(t("Begun", "开始时间"), _moment(inspection.begun_at)), _fact(t("Closed", "定稿时间"), _moment(at)),
        ],
        "passages": [] if found else [words(t("No problem was found.", "未发现问题。"))],
        "sections": [
            *([_findings_section(found)] if found else []),
            *([_exhibits_section(found)] if any(one.exhibits.all() for one in found) else []),
            {
                "head": words(t("What was looked at", "检查情况")),
                "columns": [CODE, CLASS, words(t("Outcome", "结果")), words(t("Note", "说明"))],
                "rows": [
                    [words(code), words(finding_name(code)), words(OUTCOMES[look.outcome]), words(_noted(look.officer.name, look.note))]
                    for code in sorted(looks) for look in looks[code]
                ],
            },
        ],
        "findings": [_kept(one) for one in found],
        "signatures": [words(t("Officers", "检查人员")), words(t("For the institution", "被检查机构"))],
    }  # fmt: skip


def _noted(name: str, note: str) -> Text:
    return t("{name}: {note}", "{name}：{note}", name=name, note=note) if note else Text(name, name)


def _findings_section(found: Sequence[Finding]) -> Paper:
    return {
        "head": words(t("Findings", "发现的问题")),
        "columns": [
            words(t("Class", "问题类别")), words(t("Grade", "程度")), words(t("Facts", "事实")), words(t("Day of the act", "行为日期")),
            words(t("Candidate articles", "可能涉及的条款")),
        ],
        "rows": [
            [
                words(t("{c} {n}", "{c} {n}", c=one.code, n=finding_name(one.code))), words(GRADES[one.grade]), words(one.facts),
                words(one.act_on.isoformat()), cited(one),
            ]
            for one in found
        ],
    }  # fmt: skip


def cited(finding: Finding) -> dict[str, str]:
    """The candidate articles of a finding with what follows, in words."""
    if not finding.articles:
        return words(t("none", "无"))
    parts = [t("{a}: {f}", "{a}：{f}", a=Text(**one["cited"]), f=Text(**one["follows"])) for one in finding.articles]
    return {"en": "; ".join(one.en for one in parts), "zh": "；".join(one.zh for one in parts)}


def _exhibits_section(found: Sequence[Finding]) -> Paper:
    return {
        "head": words(t("Evidence", "证据材料")),
        "columns": [words(t("Class", "问题类别")), words(t("File", "文件")), words(t("Taken", "采集时间与地点")), words("SHA-256")],
        "rows": [
            [words(one.code), words(item.name), _taken(item), words(item.sha256)]
            for one in found for item in one.exhibits.all()
        ],
    }  # fmt: skip


def _taken(item: Exhibit) -> dict[str, str]:
    """When and where; the position is the phone's own word, beside what the officer wrote."""
    place = Text(item.place, item.place) if item.place else None
    said = [one for one in (place, position_words(item.position)) if one is not None]
    when = _moment(item.taken_at)
    return words(t("{w} {p}", "{w} {p}", w=when, p=join(said, en="; ", zh="；"))) if said else words(when)


def _extended(one: Extension) -> list[dict[str, str]]:
    until, day = one.until.isoformat(), timezone.localtime(one.extended_at).date().isoformat()
    return _fact(t("Extended on {d}", "于 {d} 延期", d=day), t("until {d}: {r}", "至 {d}：{r}", d=until, r=one.reason))


def _kept(one: Finding) -> dict[str, Any]:
    return {
        "id": str(one.pk), "code": one.code, "grade": one.grade, "facts": one.facts, "act_on": one.act_on.isoformat(),
        "pack": one.pack, "pack_sha256": one.pack_sha256, "digest": one.digest,
        "exhibits": [{"id": str(item.pk), "sha256": item.sha256} for item in one.exhibits.all()],
    }  # fmt: skip


def with_signatures(paper: Paper, inspection: Inspection) -> Paper:
    """The record with who signed it under it, as a person reads it."""
    rows = [
        [words(one.name or INSTITUTION), words(MANNERS[one.manner]), words(one.statement), words(_moment(one.at))]
        for one in inspection.signatures.order_by("at", "pk")
    ]
    columns = [
        words(t("Name", "姓名")), words(t("Manner", "方式")), words(t("Statement", "陈述申辩或情况说明")), words(t("Time", "时间")),
    ]  # fmt: skip
    signed = {"head": words(t("Signatures", "签字")), "columns": columns, "rows": rows}
    return paper | {"sections": [*paper["sections"], *([signed] if rows else [])], "signatures": []}


def decision_letter(
    inspection: Inspection, findings: Sequence[Finding], *, number: str, kind: str, facts: Sequence[tuple[Text, Text | str]],
    reasons: str, appeal: Text, warnings: Sequence[Text], at: datetime,
) -> Paper:  # fmt: skip
    """The letter of a decision: about what, what is decided and why, by when, and how to appeal."""
    return {
        "kind": "decision", "number": number, "title": words(KINDS[kind]), "issuer": words(inspection.authority.name),
        "facts": [
            _fact(t("To", "送达机构"), inspection.institution.name), _fact(t("Inspection", "检查任务书编号"), inspection.number),
            _fact(t("Decided", "决定时间"), _moment(at)), *(_fact(label, value) for label, value in facts),
        ],
        "passages": [words(reasons), words(appeal), *(words(one) for one in warnings)],
        "sections": [_findings_section(findings)],
        "findings": [str(one.pk) for one in findings],
        "signatures": [words(t("Issued by (seal)", "签发部门（盖章）"))],
    }  # fmt: skip


def _fact(label: Text, value: Text | str) -> list[dict[str, str]]:
    return [words(label), words(value)]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}" if at else "–"


def sealed_pdf(paper: Paper, lang: ChartLanguage, key: SigningKey) -> bytes:
    """A paper as a tagged PDF that carries its own data as `paper.json` (RFC 8785), sealed, with a QR code for paper copies."""
    content = canonical_json(paper)
    digest = hashlib.sha256(content)
    facts = paper_facts(paper)
    data = {"lang": lang, "sha256": digest.hexdigest(), **paper, "qr_alt": words(QR)}
    code = qr_svg(qr_claim(facts, digest.digest(), key)).encode()
    described = "Data of this paper, canonical JSON (RFC 8785) 文书数据"
    attached = {"paper.json": Attachment(content, "application/json", described)}
    pdf = typeset("paper", data, images={"qr": code}, attachments=attached)
    return seal_pdf(pdf, key=key, facts=facts, attachment_name="paper.json", data=content)


QR = t("QR code with the signed key facts of this paper", "载有本文书关键信息签名的二维码")


def paper_facts(paper: Paper) -> dict[str, str]:
    """What a reader of a paper copy compares by eye: who issued what to whom under which number."""
    label, value = paper["facts"][0]
    return {
        "issuer": _both(paper["issuer"])[:200], "title": _both(paper["title"])[:200], "number": paper["number"],
        _both(label)[:60]: _both(value)[:200],
    }  # fmt: skip


def _both(said: dict[str, str]) -> str:
    return Text(**said).both()


def letter_of(disposition: Disposition) -> Paper:
    """The letter of a decision as it was frozen."""
    found: Paper = json.loads(bytes(disposition.letter))
    return found
