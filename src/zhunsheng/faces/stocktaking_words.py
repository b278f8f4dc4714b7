"""What a point of a return is called and where a laboratory mends it, for both sides that look at it."""

from collections.abc import Mapping

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
