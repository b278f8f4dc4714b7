"""Messages: each person's own; how e-mail fares: the system administrator's, without a word of what is said."""

from tests.cast import AT
from tests.faces.promises import MOVED, SIGNED_IN, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Mail, Message

GET: Promises = {
    "messages": [((), SIGNED_IN)],
    "messages_open": [(("message",), only("laboratory", status=MOVED))],
    "messages_preferences": [((), SIGNED_IN)],
    "office_mail": [((), only("administrator"))],
}
POST_ONLY = {"messages_read", "office_mail_again"}

VERBS: Verbs = [("office_mail_again", ("mail",), {}, ("administrator",))]


def things(people: dict[str, User | None]) -> dict[str, str]:
    laboratory = people["laboratory"]
    mail = Mail.objects.create(recipient=laboratory, state="failed", made_at=AT, next_at=AT, attempts=1)
    message = Message.objects.create(
        recipient=laboratory, kind="follow_up", subject_en="Follow-up", subject_zh="后续处理", body_en="Example Laboratory L08",
        body_zh="示例实验室 L08", address="/workspace/capability/", about="evidence:1", created_at=AT, key="k", mail=mail,
    )  # fmt: skip
    return {"message": str(message.pk), "mail": str(mail.pk)}
