"""A form opened before somebody else's change does not overwrite it silently.

A form that mends carries what the entry said when it was opened. In the transaction of the verb, with the row locked, that is
compared with what the entry says now; where it differs nothing is written, the form says what was changed meanwhile, keeps what was
typed and shows the new value where nothing was typed. Sent once more it is a decision, because it now carries what was told.
What was carried is the sender's own word and gives no right: whoever leaves it out or alters it could have typed the same.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict

from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t

SEEN = "seen"
Values = Mapping[str, Any]


class ChangedMeanwhile(Exception):
    """The entry is not what it was when the form was opened; `changes` are the columns with old and new value."""

    def __init__(self, changes: Mapping[str, tuple[str, str]], now: Mapping[str, str]) -> None:
        super().__init__(", ".join(changes))
        self.changes, self.now = changes, now


def carry(form: forms.Form, now: Values) -> None:
    """Let a form carry what the entry says now; one that was sent keeps what it carried."""
    hidden = forms.HiddenInput(attrs={"autocomplete": "off"})
    form.fields[SEEN] = forms.CharField(required=False, widget=hidden, initial=sealed(form, now))


def sealed(form: forms.Form, now: Values) -> str:
    return json.dumps(plain(form, now), ensure_ascii=False, sort_keys=True)


def plain(form: forms.Form, now: Values) -> dict[str, str]:
    """The values of the form's fields as a form sends them."""
    return {name: said(now[name]) for name in form.fields if name in now}


def said(value: Any) -> str:
    """A value as a form sends it: nothing for None, one kind of line end."""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def write(form: forms.Form, fresh: Callable[[], Values], save: Callable[[], object], *, adds: bool = False) -> bool:
    """Save in one transaction with the comparison; False, with the form saying why, where the entry was changed meanwhile.

    `fresh` reads what the entry says, with its row locked. A form that `adds` to an entry keeps all that was typed: its fields do
    not show what the entry says.
    """
    try:
        with transaction.atomic():
            compare(form, fresh())
            save()
    except ChangedMeanwhile as found:
        tell(form, found, adds=adds)
        return False
    return True


def compare(form: forms.Form, fresh: Values) -> None:
    """Raise ChangedMeanwhile where what the form carried is not what there is; a form that carried nothing is not compared."""
    carried, now = carried_by(form), plain(form, fresh)
    form.cleaned_data.pop(SEEN, None)
    changes = {name: (carried[name], now[name]) for name in now if name in carried and carried[name] != now[name]}
    if changes:
        raise ChangedMeanwhile(changes, now)


def carried_by(form: forms.Form) -> dict[str, str]:
    try:
        carried = json.loads(form.data.get(form.add_prefix(SEEN), ""))
    except ValueError:
        return {}
    return {str(name): said(value) for name, value in carried.items()} if isinstance(carried, dict) else {}


def tell(form: forms.Form, found: ChangedMeanwhile, *, adds: bool = False) -> None:
    """Say what was changed; keep what was typed, show the new value elsewhere, and carry what is told from now on."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    for name, (was, now) in found.changes.items():
        if not adds and said(data.get(form.add_prefix(name))) == was:
            data[form.add_prefix(name)] = now
    data[form.add_prefix(SEEN)] = json.dumps(dict(found.now), ensure_ascii=False, sort_keys=True)
    form.data = data
    form.add_error(None, fault(ADDED_TO if adds else CHANGED))
    for name, (was, now) in found.changes.items():
        label, old, new = form.fields[name].label, in_words(form.fields[name], was), in_words(form.fields[name], now)
        form.add_error(
            None, fault(t("{c}: was “{a}”, is now “{b}”.", "{c}：原为“{a}”，现为“{b}”。", c=label, a=old, b=new))
        )


CHANGED = t(
    "Somebody else has changed this entry since you opened it. Nothing was saved. What you typed is still here, everything else shows "
    "what stands in the register now; look at it and save again.",
    "您打开本页后，该条目已被他人更改，未作保存。您填写的内容仍在，其余各项已显示登记库中的现值；请核对后重新保存。",
)


ADDED_TO = t(
    "Somebody else has changed this entry since you opened it. Nothing was saved. What you typed is still here; look at what stands "
    "in the register now and save again if it still holds.",
    "您打开本页后，该条目已被他人更改，未作保存。您填写的内容仍在；请对照登记库中的现值，确认无误后重新保存。",
)


def in_words(field: forms.Field, value: str) -> str:
    """A value as the form shows it."""
    chosen = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    return chosen.get(value, value) or str(t("empty", "空"))


def locked(row: Model) -> Any:
    """The row as it stands, held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)
