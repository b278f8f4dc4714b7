"""Why an entry cannot be made as asked: a sentence, and the column that it is about."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.rules.uscc import uscc_faults


class CannotEnter(ValueError):
    """A verb of the registers refuses; `field` names the column at fault, empty for the whole."""

    def __init__(self, reason: Text, *, field: str = "") -> None:
        super().__init__(reason.en)
        self.reason, self.field = reason, field


def check_reason(reason: str) -> None:
    """Raise CannotEnter for a change without a reason."""
    if not reason.strip():
        raise CannotEnter(t("Say why.", "请说明理由。"), field="reason")


def check_uscc(code: str | None, kept_because: str) -> None:
    """A code that breaks the rule of GB 32100 is never refused, but whoever keeps it says why.

    Raises CannotEnter only where that reason is missing: early codes of the pilot are legal and break the rule.
    """
    if code and (faults := uscc_faults(code)) and not kept_because.strip():
        raise CannotEnter(
            t(
                "{f} If the certificate of registration really says so, keep the code and say why.",
                "{f}如登记证书确为此代码，请保留并说明理由。",
                f=faults[0],
            ),
            field="uscc_reason",
        )


def check_days(valid_from: object, valid_to: object) -> None:
    """Raise CannotEnter when something ends before it begins; no end is no fault."""
    if valid_to is not None and str(valid_to) < str(valid_from):
        raise CannotEnter(
            t("The last day lies before the first.", "截止日期早于起始日期。"),
            field="valid_to",
        )


def check_merge(*, kept: object, merged: object, kinds: tuple[Text, Text], merged_already: bool) -> None:
    """Raise CannotEnter for two entries that cannot become one: the same, of different kinds, or merged already."""
    if kept == merged:
        raise CannotEnter(t("These are not two entries.", "这是同一条登记，不是两条。"))
    if merged_already:
        raise CannotEnter(
            t("One of them has been merged meanwhile: look at the list again.", "其中一条已被合并，请重新查看列表。")
        )
    if kinds[0] != kinds[1]:
        raise CannotEnter(
            t(
                "A {a} and a {b} are not one institution: mend the kind first.",
                "“{a}”与“{b}”不能合并：请先更正机构类别。",
                a=kinds[0],
                b=kinds[1],
            )
        )
