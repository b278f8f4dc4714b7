"""When a record of an inspection is complete: both officers, and the institution or its refusal."""

from collections.abc import Collection, Hashable

from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.foundation.bilingual import t


def is_complete(officers: Collection[Hashable], signed: Collection[Hashable], institution: str | None) -> bool:
    """Have all officers signed, and has the institution signed or refused? `institution` is the manner, None before."""
    return set(officers) <= set(signed) and institution is not None


def check_manner(manner: str, said: str, name: str) -> None:
    """Raise InspectionRefused for a refusal without what happened, or a signature on paper without the name of who signed."""
    if manner == "refused" and not said.strip():
        raise InspectionRefused(
            t("Say what happened when the institution refused to sign.", "请写明被检查机构拒绝签字的情况。")
        )
    if manner == "paper" and not name.strip():
        raise InspectionRefused(t("Say who signed for the institution.", "请写明被检查机构签字人姓名和职务。"))


def check_proven(unproven: Collection[str]) -> None:
    """Raise InspectionRefused while a nonconformity has no evidence; `unproven` are the classes of those."""
    if unproven:
        raise InspectionRefused(
            t(
                "Nonconformities without evidence: {c}. Add a photograph, a file or a note.",
                "以下不符合项尚无证据：{c}。请补充照片、文件或询问笔录。",
                c=", ".join(sorted(unproven)),
            )
        )
