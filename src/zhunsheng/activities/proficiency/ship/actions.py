"""The verbs of shipping: pack, send, receive, report as lost or back, ask for a replacement, replace."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.queries import items_of
from zhunsheng.activities.proficiency.prepare.queries import gate
from zhunsheng.activities.proficiency.ship.models import Parcel, Receipt
from zhunsheng.activities.proficiency.ship.queries import newest, prepared_in, used_in, variants_of, without_parcel
from zhunsheng.activities.proficiency.ship.rules.shipping import (
    CannotShip,
    Content,
    check_all_there,
    check_days,
    check_gate,
    check_reason,
    check_receipt,
    check_spares,
    check_state,
    check_variants,
    contents,
    may_replace,
)
from zhunsheng.activities.proficiency.ship.states import IN_ORDER, PARCEL
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move

BATCH = 80
"""SQLite takes 999 variables in a statement."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is said of a parcel that arrived."""

    received_on: date
    condition: str
    temperature: str = ""
    remark: str = ""


@transaction.atomic
def pack(round_: Round, *, actor: User | None, at: datetime) -> int:
    """Pack the items of every participant for whom nothing is packed; how many. Done again, it packs for those who came later.

    Raises CannotShip unless codes are drawn and homogeneity and stability are settled, where variants are not assigned, where units
    are short, and where nobody is without.
    """
    held = _open(round_)
    check_gate(gate(held).missing)
    waiting = list(without_parcel(held))
    if not waiting:
        raise CannotShip(t("The items of everybody are packed.", "所有实验室的样品均已包装。"))
    made = _parcels(held, waiting, at)
    check_spares([one["item"] for parcel in made for one in parcel.contents], used_in(held), prepared_in(held))
    Parcel.objects.bulk_create(made, batch_size=BATCH)
    journal.record(
        "pack_items", actor=actor, at=at, subject=f"round:{held.pk}", rows=(_row(one) for one in made),
        after={"parcels": len(made)},
    )  # fmt: skip
    return len(made)


def _parcels(held: Round, waiting: Sequence[Participation], at: datetime) -> list[Parcel]:
    items = [(one.code, one.variants) for one in items_of(held)]
    varied = {code for code, several in items if several > 1}
    variants = variants_of(held)
    check_variants(sum(bool(varied - set(variants.get(one.pk, {}))) for one in waiting))
    return [
        Parcel(
            round=held, participation=one, packed_at=at,
            contents=[content.as_json() for content in contents(items, variants.get(one.pk, {}))],
        )
        for one in waiting
    ]  # fmt: skip


@transaction.atomic
def send(
    round_: Round, tracking: Mapping[str, str] | None, *, carrier: str, sent_on: date, expected_on: date | None, actor: User | None,
    at: datetime,
) -> int:  # fmt: skip
    """Hand packed parcels to a carrier: those named, each with its tracking number, or all; how many.

    Raises CannotShip for a parcel that does not wait to be sent, and where none does.
    """
    held = _open(round_)
    check_days(sent_on, expected_on, timezone.localdate(at))
    waiting = newest(held).filter(state__in=PARCEL.transitions["send"].sources)
    packed = {one.number: one for one in waiting.select_related("participation")}
    if tracking is not None:
        check_all_there(tracking, packed)
    going = [one for number, one in packed.items() if tracking is None or number in tracking]
    if not going:
        raise CannotShip(t("No parcel waits to be sent.", "没有待交寄的包裹。"))
    for one in going:
        one.state, one.carrier, one.sent_on, one.expected_on = "sent", carrier.strip(), sent_on, expected_on
        one.tracking = (tracking or {}).get(one.number, one.tracking)
    # The round is locked, and every verb that moves a parcel locks it: nobody moves one between the question and this.
    Parcel.objects.bulk_update(going, ["state", "carrier", "sent_on", "expected_on", "tracking"], batch_size=BATCH)
    journal.record(
        "send_items", actor=actor, at=at, subject=f"round:{held.pk}", rows=(_row(one) for one in going),
        after={"parcels": len(going), "carrier": carrier.strip(), "sent_on": sent_on.isoformat(),
               "expected_on": expected_on.isoformat() if expected_on else None},
    )  # fmt: skip
    return len(going)


@transaction.atomic
def receive(parcel: Parcel, said: Arrival, *, on_behalf: bool = False, actor: User, at: datetime) -> Receipt:
    """Confirm that a parcel arrived, and how. What does not arrive in order may be replaced. Raises CannotShip, NotAllowedNow."""
    held = _held(parcel)
    check_receipt(
        said.condition, said.temperature, said.remark, received_on=said.received_on, sent_on=held.sent_on,
        today=timezone.localdate(at),
    )  # fmt: skip
    move(PARCEL, "receive", Parcel.objects.filter(pk=held.pk))
    made = Receipt.objects.create(parcel=held, on_behalf=on_behalf, at=at, by=actor, **asdict(said))
    journal.record(
        "receive_items", actor=actor, at=at, subject=f"parcel:{held.pk}", covers=[made],
        after={"condition": said.condition, "received_on": said.received_on.isoformat(), "on_behalf": on_behalf},
    )  # fmt: skip
    return made


@transaction.atomic
def lose(parcel: Parcel, *, reason: str, actor: User, at: datetime) -> None:
    """Report a parcel as lost; should it arrive after all, its receipt is confirmed as any."""
    _moved(parcel, "lose", "lose_items", reason, actor, at)


@transaction.atomic
def come_back(parcel: Parcel, *, reason: str, actor: User, at: datetime) -> None:
    """A parcel came back to the provider, who sends it again or replaces it."""
    _moved(parcel, "come_back", "take_items_back", reason, actor, at)


def _moved(parcel: Parcel, verb: str, act: str, reason: str, actor: User, at: datetime) -> None:
    held = _held(parcel)
    check_reason(reason)
    move(PARCEL, verb, Parcel.objects.filter(pk=held.pk))
    journal.record(act, actor=actor, at=at, subject=f"parcel:{held.pk}", reason=reason.strip())


@transaction.atomic
def ask_replacement(parcel: Parcel, *, reason: str, actor: User, at: datetime) -> None:
    """The laboratory asks for another parcel, with the reason; once."""
    held = _held(parcel)
    check_reason(reason)
    asked = Parcel.objects.filter(pk=held.pk, asked_at=None).exclude(state="packed")
    if not asked.update(asked=reason.strip(), asked_at=at):
        raise CannotShip(t("A replacement was asked for already.", "已申请补发。"))
    journal.record("ask_item_replacement", actor=actor, at=at, subject=f"parcel:{held.pk}", reason=reason.strip())


@transaction.atomic
def replace(parcel: Parcel, *, reason: str, actor: User, at: datetime) -> Parcel:
    """Pack another parcel in the place of one that is lost, back or not in order, or because the laboratory asked.

    It bears the same code with R1, R2 … and the variants that the participant has now. Raises CannotShip.
    """
    held = _held(parcel)
    check_state(held.round.state)
    check_reason(reason)
    replaced = Parcel.objects.filter(participation=held.participation, replacement__gt=held.replacement).exists()
    receipt = Receipt.objects.filter(parcel=held).first()
    why_not = may_replace(
        held.state, receipt.condition if receipt else IN_ORDER, asked=held.asked_at is not None, replaced=replaced
    )
    if why_not:
        raise CannotShip(why_not)
    variants = variants_of(held.round).get(held.participation_id, {})
    inside = [Content(one["item"], variants.get(one["item"], one["variant"])) for one in held.contents]
    check_spares([one.item for one in inside], used_in(held.round), prepared_in(held.round))
    made = Parcel.objects.create(
        round=held.round, participation=held.participation, replacement=held.replacement + 1, reason=reason.strip(),
        contents=[one.as_json() for one in inside], packed_at=at,
    )  # fmt: skip
    journal.record(
        "replace_items", actor=actor, at=at, subject=f"parcel:{made.pk}", reason=reason.strip(),
        after={"replaces": str(held.pk)},
    )  # fmt: skip
    return made


def _row(one: Parcel) -> dict[str, object]:
    """What the journal's digest is over: by key, because a code stands in no journal."""
    return {"parcel": str(one.pk), "contents": one.contents, "tracking": one.tracking}


def _open(round_: Round) -> Round:
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_state(held.state)
    return held


def _held(parcel: Parcel) -> Parcel:
    """The parcel as it is now, its round locked."""
    Round.objects.select_for_update().get(pk=parcel.round_id)
    return Parcel.objects.select_related("round", "participation").get(pk=parcel.pk)
