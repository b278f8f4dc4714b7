"""Does what somebody may write about now take in what it did when a file came? Pure."""

from collections.abc import Mapping
from typing import Any

from zhunsheng.foundation.bilingual import Text, t


class OutOfReach(Exception):
    """Who sent a file may no longer write about all that it was checked for."""

    reason: Text = t(
        "You may no longer write about what this file was checked for. Give it up; whoever is responsible now sends it again.",
        "您的权限自检查之后已变更，不能再导入该文件。请放弃该文件，由现任负责人重新提交。",
    )


def reaches(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Every part of the reach of then lies within that of now; see register.Context for what a reach is.

    Areas are the beginnings of region codes: 3301 lies within 33.
    """
    if (then.get("keeper") and not now.get("keeper")) or then.get("round") != now.get("round"):
        return False
    if now.get("national"):
        return True
    if then.get("national") or then.get("institution") != now.get("institution"):
        return False
    held = tuple(now.get("areas", ()))
    return all(area.startswith(held) for area in then.get("areas", ()))


def check_reaches(now: Mapping[str, Any], then: Mapping[str, Any]) -> None:
    """Raise OutOfReach where a part of what was reached then is not reached now."""
    if not reaches(now, then):
        raise OutOfReach
