"""Who may give which post to whom, and when a post may end; pure."""

from collections.abc import Hashable
from datetime import date, timedelta

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.people.states import ROLES, Post

INVITATION_LASTS = timedelta(days=7)
NO_LONGER_OPEN = t("This invitation is no longer open. Ask for a new one.", "该邀请已失效，请重新申请。")
HAS_ADMINISTRATOR = t(
    "This institution has an administrator, who invites its people.", "该机构已有管理员，请由其邀请本机构人员。"
)

NAME_TAKEN = t("This user name is taken. Choose another one.", "该用户名已被使用，请另选一个。")


class CannotDo(Exception):
    """A verb cannot be done, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_held_in(kind: Post, institution_kind: str) -> None:
    """A post is held in an institution of a kind that has such posts: nobody regulates for a laboratory."""
    if institution_kind not in ROLES[kind].held_in:
        raise CannotDo(
            t(
                "The post “{p}” does not exist in an institution of this kind.",
                "该类机构不设“{p}”。",
                p=ROLES[kind].name,
            )
        )


def check_not_himself(giver: Hashable, receiver: Hashable) -> None:
    """Nobody gives himself a post."""
    if giver == receiver:
        raise CannotDo(
            t(
                "Nobody gives himself a post. Ask another administrator of your institution.",
                "不得给自己任职，请由本机构其他管理员办理。",
            )
        )


def check_days(first: date, last: date | None) -> None:
    """A post ends on or after the day it begins."""
    if last is not None and last < first:
        raise CannotDo(t("The last day lies before the first.", "截止日期早于起始日期。"))


def check_not_held_already(held: bool) -> None:
    """The same post is not given twice for the same days."""
    if held:
        raise CannotDo(t("This person holds this post already on these days.", "该人员在此期间已担任该职务。"))


def check_an_admin_stays(kind: str, others: int) -> None:
    """The last administrator of an institution does not go."""
    if kind == Post.INSTITUTION_ADMIN and others == 0:
        raise CannotDo(
            t(
                "This is the last administrator of the institution. Give the post to somebody else first.",
                "这是本机构最后一名管理员，请先另行指定管理员。",
            )
        )


def check_not_ended(valid_to: date | None, last_day: date) -> None:
    """A post that has ended, or ends sooner, is not ended later."""
    if valid_to is not None and valid_to <= last_day:
        raise CannotDo(t("This post ends on {d} already.", "该任职已于 {d} 截止。", d=valid_to.isoformat()))
