"""What a point of a return is called and where a laboratory mends it, for both sides that look at it."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.stocktaking.rules import CHECKS, Check

POINTS: Mapping[str, Check] = {check.code: check for check in CHECKS}
"""Code of a point → what is asked."""

MENDED_AT: Mapping[str, str] = {
    "facts": "workspace_institution",
    "contacts": "workspace_institution",
    "certificates": "workspace_institution",
    "people": "workspace_people",
    "equipment": "workspace_equipment",
    "scope": "workspace_scope",
}
"""Part of an entry → the name of the page on which a laboratory mends it."""

REGISTRARS: frozenset[str] = frozenset({"C1", "C5", "C9", "K1", "K2", "K3", "K7", "K8"})
"""Points of name, code, region, certificates and scope: what an authority enters, not the laboratory itself."""

BY_AUTHORITY = t("The authority that keeps the register mends it.", "由负责登记的监管部门修改。")
BY_KEEPERS = t("The technical manager or the administrator mends it.", "由技术负责人或机构管理员修改。")
BY_CONFIRMERS = t(
    "The quality manager, the technical manager or the administrator enters it.",
    "由质量负责人、技术负责人或机构管理员填写。",
)


def mended_by(code: str) -> Text:
    """Who can mend a point."""
    if code in REGISTRARS:
        return BY_AUTHORITY
    return BY_CONFIRMERS if POINTS[code].mend == "reports" else BY_KEEPERS
