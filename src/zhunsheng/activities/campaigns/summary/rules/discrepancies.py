"""What an institution said of itself against what officers found there; pure."""

from collections.abc import Collection, Mapping

from zhunsheng.activities.campaigns.selfcheck.states import FINE, PROBLEM
from zhunsheng.foundation.bilingual import Text, t

ADMITTED, CALLED_FINE, LEFT_OUT, NO_FORM, NOT_ASKED = "admitted", "called_fine", "left_out", "no_form", "not_asked"

SAYINGS: Mapping[str, Text] = {
    ADMITTED: t("admitted in the self-check", "自查已发现"),
    CALLED_FINE: t("called fine in the self-check", "自查称未发现问题"),
    LEFT_OUT: t("called not applicable, or not answered", "自查称不适用或未作答"),
    NO_FORM: t("no self-check was handed in", "未提交自查"),
    NOT_ASKED: t("the checklist does not ask for it", "自查表未设对应条目"),
}
"""What the self-check had said about a matter in which an inspection found a problem."""

COMPARABLE = (ADMITTED, CALLED_FINE, LEFT_OUT)
"""A form was handed in, and it asked."""

Said = Mapping[str, Collection[str]]
"""Clause → the answers that were given to its items."""


def saying(clauses: Collection[str], said: Said | None) -> str:
    """What a self-check (None: not handed in) said about a matter, by the clauses that ask for it: the most candid answer counts."""
    if not clauses:
        return NOT_ASKED
    if said is None:
        return NO_FORM
    if not any(clause in said for clause in clauses):
        return NOT_ASKED
    given = {answer for clause in clauses for answer in said.get(clause, ())}
    if PROBLEM in given:
        return ADMITTED
    return CALLED_FINE if FINE in given else LEFT_OUT
