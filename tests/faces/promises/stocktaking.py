"""Stock-taking: the authority that called sees all returns, those of whose area a laboratory is its return, a laboratory its own."""

from datetime import timedelta

from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, LABORATORIES, OWN, REACHING, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.stocktaking.actions import open_stocktaking
from zhunsheng.registry.stocktaking.models import Return

GET: Promises = {
    "office_stocktakings": [((), only(*AUTHORITIES))],
    "office_stocktaking_new": [((), only(*AUTHORITIES))],
    "office_stocktaking": [(("stocktaking",), only(*REACHING))],
    "office_stocktaking_return": [(("return",), only(*REACHING))],
    "workspace_returns": [((), only(*LABORATORIES))],
    "workspace_return": [(("return",), only(*OWN))],
}
POST_ONLY = {"office_stocktaking_decide", "office_stocktaking_close", "workspace_return_confirm"}

VERBS: Verbs = [
    ("office_stocktaking_decide", ("stocktaking",), {"verb": "accept"}, ("regulator",)),
    ("office_stocktaking_close", ("stocktaking",), {}, ("regulator",)),
    ("workspace_return_confirm", ("return",), {}, OWN),
    ("workspace_return", ("return",), {"2026Q1": "5"}, OWN),
]
SHOWS_REGISTER = {"office_stocktaking", "office_stocktaking_return"}


def things(people: dict[str, User | None]) -> dict[str, str]:
    made = open_stocktaking(
        authority=institution_of(people["regulator"]), title_zh="杭州摸底", title_en="Hangzhou", region_code="330100",
        fields=[], due_on=AT.date() + timedelta(days=30), actor=people["regulator"], at=AT,
    )  # fmt: skip
    one = Return.objects.get(stocktaking=made, institution=institution_of(people["laboratory"]))
    return {"stocktaking": str(made.pk), "return": str(one.pk)}
