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
"""A file gives no more power than the pages: a quality manager reads the entries, the administrator keeps them."""
SENDERS = (KEEPER, *AUTHORITIES)
UPPER = ("national", "province", "other_province")
"""Who keeps what the whole country shares."""

REGISTERS = {
    "institutions": AUTHORITIES,
    "sites": SENDERS,
    "contacts": SENDERS,
    "people": SENDERS,
    "equipment": SENDERS,
    "scopes": AUTHORITIES,
    "risk": UPPER,
    "parameters": UPPER,
    "matrices": UPPER,
    "methods": UPPER,
    "standards": UPPER,
}
"""Who sends files into which register. A laboratory does not write its own approved scope."""

GET: Promises = {
    "imports": [((), only(*SENDERS, "coordinator"))],
    "import": [(("import",), only("regulator")), (("enrolments_file",), only("coordinator"))],
    "import_send": [((key,), only(*roles)) for key, roles in REGISTERS.items()],
    "import_template": [((key, form), only(*roles)) for key, roles in REGISTERS.items() for form in ("xlsx", "csv")],
    "import_errors": [
        (("import", "xlsx"), only("regulator")),
        (("import", "csv"), only("regulator")),
        (("enrolments_file", "xlsx"), only("coordinator")),
    ],
}
POST_ONLY = {"import_again", "import_apply", "import_give_up"}

VERBS: Verbs = [
    *(("import_send", (key,), {"mode": "all"}, roles) for key, roles in REGISTERS.items()),
    ("import_again", ("import",), {}, ("regulator",)),
    ("import_apply", ("import",), {}, ("regulator",)),
    ("import_give_up", ("import",), {}, ("regulator",)),
    ("import_again", ("enrolments_file",), {}, ("coordinator",)),
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
