"""What the registers of the demonstration hold besides: sites, contacts, and something to find of each kind.

A laboratory entered twice, a signatory who also works elsewhere, a record that a management system lacks, a risk class of each
letter, and (in `load`) two instruments with one serial number.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, RiskClass, Site
from zhunsheng.registry.management.actions import enter_record, enter_risk_classes
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.people.actions import enter_person, enter_post
from zhunsheng.registry.people.models import Person, Post

if TYPE_CHECKING:
    from zhunsheng.faces.demo.load import Loader

TWICE, HERE, THERE = "L10", "L08", "L09"
ADDRESS = "示范路 {n} 号"
MISSING = "management_review"
CLASSES = {
    "L08": ("A", "连续两年能力验证结果满意，检查未发现问题 Two years of satisfactory results, nothing found"),
    "L10": ("B", "一般项轻微问题已整改 A minor finding, mended"),
    "L04": ("C", "能力验证结果不满意，整改中 An unsatisfactory result, being mended"),
    "L09": ("D", "使用超过校准有效期的设备出具报告 Reports from an instrument out of calibration"),
}


def plant(loader: Loader) -> None:
    """Everything, through the verbs; the search for duplicates last."""
    places(loader)
    entered_twice(loader)
    works_in_two(loader)
    records(loader)
    risk_classes(loader)
    actions.search_duplicates(actor=None, at=loader.at)


def places(loader: Loader) -> None:
    """A site and a contact for the laboratory whose staff sign in."""
    here = loader.institutions[HERE]
    site = Site(
        institution=here, name_zh="示范园区实验室", name_en="Demonstration Park Laboratory", region_code=here.region_code,
        address=ADDRESS.format(n=8), valid_from=loader.ago(700), recorded_at=loader.at,
    )  # fmt: skip
    actions.enter_site(site, actor=None, at=loader.at)
    contact = Contact(
        institution=here, name="演示联系人", role="业务受理", phone="000-0000-0008", email="l08@demo.invalid"
    )
    actions.enter_contact(contact, actor=None, at=loader.at)


def entered_twice(loader: Loader) -> None:
    """The same laboratory, its name with brackets and without a code, as another county office would enter it."""
    known = loader.institutions[TWICE]
    again = Institution(
        kind="laboratory", name_zh=f"示范实验室（{TWICE}）", name_en=f"Demonstration Laboratory ({TWICE})",
        region_code=known.region_code, address=ADDRESS.format(n=10), level="county",
    )  # fmt: skip
    actions.enter_institution(again, actor=None, at=loader.at)
    certificate = Certificate(
        institution=again, scheme="CNAS", number="CNAS L00010", valid_from=loader.ago(400), valid_to=loader.ago(-1400)
    )
    actions.enter_certificate(certificate, actor=None, at=loader.at)


def works_in_two(loader: Loader) -> None:
    """An analyst of one laboratory who has signed on at another while still in post."""
    made_up = hmac.new(b"demonstration", b"one person", "sha256").hexdigest()
    person = Person(name="演示人员 甲", identity_hash=made_up, identity_masked=f"3301{'*' * 10}0000")
    first = Post(institution=loader.institutions[HERE], kind="analyst", valid_from=loader.ago(500))
    enter_person(person, first, actor=None, at=before(loader, 500))
    second = Post(person=person, institution=loader.institutions[THERE], kind="analyst", valid_from=loader.ago(30))
    enter_post(second, actor=None, at=before(loader, 30))


def before(loader: Loader, days: int) -> datetime:
    return loader.at - timedelta(days=days)


def records(loader: Loader) -> None:
    """What the management system of one laboratory showed: last year all but the management review, this year all but the newest."""
    here, year = loader.institutions[HERE], loader.day.year
    due = [one for of in (year - 1, year) for one in dues_of(of) if one.due_on < loader.day]
    for one in sorted(due, key=lambda one: one.due_on)[:-1]:
        if one.requirement.key != MISSING:
            enter_record(
                institution=here, kind=one.requirement.key, period=one.period.key,
                held_on=min(one.due_on, one.period.last), title=f"{one.requirement.name.zh} {one.period.key}",
                made_by="演示质量负责人", document=None, actor=None, at=loader.at,
            )  # fmt: skip


def risk_classes(loader: Loader) -> None:
    """A class of each letter, published half a year ago."""
    enter_risk_classes(
        [
            RiskClass(
                institution=loader.institutions[name], letter=letter, valid_from=loader.ago(180), reason=reason,
                source="演示数据 Demonstration", published_at=before(loader, 180),
            )
            for name, (letter, reason) in CLASSES.items()
        ],
        actor=None, at=before(loader, 180),
    )  # fmt: skip
