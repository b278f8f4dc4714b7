"""The words for posts."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Post(StrEnum):
    """What someone does in an institution; it decides what the platform lets a user do."""

    COORDINATOR = "coordinator"
    STATISTICIAN = "statistician"
    REGULATOR = "regulator"
    QUALITY_MANAGER = "quality_manager"
    TECHNICAL_MANAGER = "technical_manager"
    SIGNATORY = "signatory"
    ANALYST = "analyst"


NAMES: dict[Post, Text] = {
    Post.COORDINATOR: t("Proficiency-testing coordinator", "能力验证协调员"),
    Post.STATISTICIAN: t("Proficiency-testing statistician", "能力验证统计人员"),
    Post.REGULATOR: t("Regulator", "监管人员"),
    Post.QUALITY_MANAGER: t("Quality manager", "质量负责人"),
    Post.TECHNICAL_MANAGER: t("Technical manager", "技术负责人"),
    Post.SIGNATORY: t("Authorised signatory", "授权签字人"),
    Post.ANALYST: t("Analyst", "检测人员"),
}

DECIDES_ABOUT_OTHERS = {Post.COORDINATOR, Post.STATISTICIAN, Post.REGULATOR}
LABORATORY_POSTS = {Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.SIGNATORY, Post.ANALYST}
