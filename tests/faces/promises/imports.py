"""Files into the registers: regulators for their area, laboratories for themselves, each sees only what it has sent."""

from tests.cast import AT
from tests.faces.promises import AUTHORITIES, Promises, Verbs, only
from tests.foundation.imports.sent import workbook_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.registry.institutions.importing import Institutions

KEEPER = "institution_admin"
SENDERS = (KEEPER, *AUTHORITIES)
"""A file gives no more power than the pages: a quality manager reads the entries, the administrator keeps them."""
OWN = ("equipment", "people", "sites", "contacts")

GET: Promises = {
    "imports": [((), only(*SENDERS))],
    "import": [(("import",), only("regulator"))],
    "import_send": [(("institutions",), only(*AUTHORITIES)), *(((key,), only(*SENDERS)) for key in OWN)],
    "import_template": [
        (("institutions", "xlsx"), only(*AUTHORITIES)),
        (("institutions", "csv"), only(*AUTHORITIES)),
        *(((key, form), only(*SENDERS)) for key in OWN for form in ("xlsx", "csv")),
    ],
    "import_errors": [(("import", "xlsx"), only("regulator")), (("import", "csv"), only("regulator"))],
}
POST_ONLY = {"import_again", "import_apply", "import_give_up"}

VERBS: Verbs = [
    ("import_send", ("institutions",), {"mode": "all"}, AUTHORITIES),
    ("import_again", ("import",), {}, ("regulator",)),
    ("import_apply", ("import",), {}, ("regulator",)),
    ("import_give_up", ("import",), {}, ("regulator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    """A checked import of the regulator: one row good, one failed."""
    sender = people["regulator"]
    content = workbook_of([["机构名称", "行政区划代码"], ["许可机构", "330106"], ["错误机构", "1"]])
    draft = stage(name="f.xlsx", content=content, actor=sender, at=AT)
    imported = actions.receive(
        Institutions(), draft, mode=Mode.ROWS, reach={"areas": ["3301"]}, language="zh", actor=sender, at=AT
    )
    actions.check(imported, Institutions(), at=AT)
    return {"import": str(imported.pk)}
