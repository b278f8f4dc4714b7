"""The registers of institutions, people and equipment: who sees what, who changes what."""

from datetime import date
from typing import Any

from tests.cast import AT, XIHU, institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, LABORATORIES, OWN, REACHING, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.equipment.actions import enter_calibration, enter_instrument
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, Site
from zhunsheng.registry.people.actions import authorise, enter_person, enter_qualification
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification

KEEPER = "institution_admin"
"""Keeps what the register says of the laboratory; the quality manager only reads it."""
SEES, KEEPS = only(*REACHING), only(*REACHING)
OFFICE = ("i-institution",)

GET: Promises = {
    "public_institutions": [((), EVERYONE)],
    "public_institution": [(("i-institution",), EVERYONE), (("i-authority",), dict.fromkeys(EVERYONE, 404))],
    "office_institutions": [((), only(*AUTHORITIES))],
    "office_institution_new": [((), only(*AUTHORITIES))],
    "office_duplicates": [((), only(*AUTHORITIES))],
    "office_duplicate": [(("i-kept", "i-like"), SEES)],
    "office_merge_undo": [(("i-merge",), KEEPS)],
    "office_duplicates_apart": [((), only(*AUTHORITIES))],
    "office_apart_undo": [(("i-apart",), KEEPS)],
    "office_findings": [((), only(*AUTHORITIES))],
    "office_institution": [(OFFICE, SEES), (("i-authority",), only("regulator", "national", "province"))],
    "office_institution_mend": [(OFFICE, KEEPS), (("i-authority",), only("national"))],
    "office_institution_shorten": [((*OFFICE, "i-certificate"), KEEPS)],
    "office_institution_contact_remove": [((*OFFICE, "i-contact"), KEEPS)],
    "office_institution_enter": [
        *(((*OFFICE, what), KEEPS) for what in ("sites", "contacts", "certificates", "people", "equipment")),
        ((*OFFICE, "secrets"), only()),
    ],
    "office_institution_change": [
        ((*OFFICE, "sites", "i-site"), KEEPS),
        ((*OFFICE, "contacts", "i-contact"), KEEPS),
        ((*OFFICE, "certificates", "i-certificate"), KEEPS),
        ((*OFFICE, "people", "i-site"), only()),
    ],
    "office_people": [((), only(*AUTHORITIES))],
    "office_person": [(("i-person",), SEES)],
    "office_person_mend": [(("i-person",), KEEPS)],
    "office_person_identity": [(("i-person",), KEEPS)],
    "office_person_enter": [(("i-person", what), KEEPS) for what in ("posts", "qualifications", "authorisations")],
    "office_person_change": [
        (("i-person", "posts", "i-post"), KEEPS),
        (("i-person", "qualifications", "i-qualification"), KEEPS),
        (("i-person", "authorisations", "i-authorisation"), KEEPS),
    ],
    "office_equipment": [((), only(*AUTHORITIES))],
    "office_instrument": [(("i-instrument",), SEES)],
    "office_instrument_mend": [(("i-instrument",), KEEPS)],
    "office_instrument_calibrate": [(("i-instrument",), KEEPS)],
    "office_instrument_correct": [(("i-instrument", "i-calibration"), KEEPS)],
    "workspace_institution": [((), only(*LABORATORIES))],
    "workspace_institution_mend": [((), only(KEEPER))],
    "workspace_institution_shorten": [(("i-certificate",), only())],
    "workspace_institution_contact_remove": [(("i-contact",), only(KEEPER))],
    "workspace_institution_enter": [
        (("certificates",), only()),
        *(((what,), only(KEEPER)) for what in ("sites", "contacts", "people", "equipment")),
    ],
    "workspace_institution_change": [
        (("sites", "i-site"), only(KEEPER)),
        (("contacts", "i-contact"), only(KEEPER)),
        (("certificates", "i-certificate"), only()),
    ],
    "workspace_people": [((), only(*LABORATORIES))],
    "workspace_person": [(("i-person",), only(*OWN))],
    "workspace_person_mend": [(("i-person",), only(KEEPER))],
    "workspace_person_identity": [(("i-person",), only(KEEPER))],
    "workspace_person_enter": [(("i-person", what), only(KEEPER)) for what in ("posts", "qualifications", "authorisations")],
    "workspace_person_change": [
        (("i-person", "posts", "i-post"), only(KEEPER)),
        (("i-person", "qualifications", "i-qualification"), only(KEEPER)),
        (("i-person", "authorisations", "i-authorisation"), only(KEEPER)),
    ],
    "workspace_equipment": [((), only(*LABORATORIES))],
    "workspace_instrument": [(("i-instrument",), only(*OWN))],
    "workspace_instrument_mend": [(("i-instrument",), only(KEEPER))],
    "workspace_instrument_calibrate": [(("i-instrument",), only(KEEPER))],
    "workspace_instrument_correct": [(("i-instrument", "i-calibration"), only(KEEPER))],
}  # fmt: skip
POST_ONLY = {"office_institution_levels", "office_duplicates_search"}

WHY = {"reason": "why"}
VERBS: Verbs = [
    ("office_duplicates_search", (), {}, AUTHORITIES),
    (
        "office_institution_levels",
        (),
        {"institution": "i-institution", "level": "county", "confirmed": "1", **WHY},
        AUTHORITIES,
    ),
    ("office_institution_mend", OFFICE, {"address": "x", **WHY}, REACHING),
    ("office_duplicate", ("i-kept", "i-like"), {"decision": "apart", **WHY}, REACHING),
    ("office_merge_undo", ("i-merge",), WHY, REACHING),
    ("office_apart_undo", ("i-apart",), WHY, REACHING),
    ("office_findings", (), {"decision": "settle", "finding": "1 2:x", **WHY}, ()),
    ("office_institution_enter", (*OFFICE, "contacts"), {"name": "x"}, REACHING),
    ("office_institution_contact_remove", (*OFFICE, "i-contact"), WHY, REACHING),
    ("office_person_mend", ("i-person",), {"name": "x", **WHY}, REACHING),
    ("office_person_identity", ("i-person",), {"identity": "11010519491231002X"}, REACHING),
    ("office_instrument_mend", ("i-instrument",), {"serial": "x", **WHY}, REACHING),
    ("workspace_institution_mend", (), {"address": "x", **WHY}, (KEEPER,)),
    ("workspace_institution_enter", ("contacts",), {"name": "x"}, (KEEPER,)),
    ("workspace_institution_enter", ("certificates",), {"scheme": "CMA", "number": "1"}, ()),
    ("workspace_institution_contact_remove", ("i-contact",), WHY, (KEEPER,)),
    ("workspace_person_identity", ("i-person",), {"identity": "11010519491231002X"}, (KEEPER,)),
    ("workspace_person_change", ("i-person", "posts", "i-post"), {"last_day": "2026-04-15", **WHY}, (KEEPER,)),
    ("workspace_instrument_calibrate", ("i-instrument",), {"certificate": "x"}, (KEEPER,)),
]

SHOWS_REGISTER = {name for name in GET if name not in {"public_institutions"}}


def things(people: dict[str, User | None]) -> dict[str, str]:
    laboratory, day = institution_of(people["laboratory"]), date(2024, 1, 1)
    who: dict[str, Any] = {"actor": None, "at": AT}
    site = Site(
        institution=laboratory, name_zh="本部", name_en="Main", region_code=XIHU, valid_from=day, recorded_at=AT
    )
    contact = Contact(institution=laboratory, name="联系人一")
    certificate = Certificate(
        institution=laboratory, scheme="CMA", number="241100110009", valid_from=day, valid_to=date(2030, 1, 1)
    )
    person, post = Person(name="在册人员"), Post(institution=laboratory, kind="signatory", valid_from=day)
    instrument = Instrument(institution=laboratory, serial="I-1", name_zh="仪", name_en="Instrument")
    kept, merged, like, apart = (
        Institution(kind="laboratory", name_zh=name, name_en=name, region_code=XIHU)
        for name in ("西湖甲所", "西湖乙所", "西湖丙所", "西湖丁所")
    )
    for one in (kept, merged, like, apart):
        actions.enter_institution(one, **who)
    enter_person(person, post, **who)
    enter_instrument(instrument, **who)
    qualification = Qualification(person=person, kind="title", name="工程师", valid_from=day)
    authorisation = Authorisation(person=person, institution=laboratory, field="feed", valid_from=day)
    calibration = Calibration(instrument=instrument, certificate="C-1", valid_from=day, valid_to=date(2030, 1, 1))
    return {
        "i-institution": str(laboratory.pk), "i-authority": str(institution_of(people["regulator"]).pk),
        "i-site": str(actions.enter_site(site, **who).pk), "i-contact": str(actions.enter_contact(contact, **who).pk),
        "i-certificate": str(actions.enter_certificate(certificate, **who).pk), "i-person": str(person.pk), "i-post": str(post.pk),
        "i-qualification": str(enter_qualification(qualification, **who).pk), "i-instrument": str(instrument.pk),
        "i-authorisation": str(authorise(authorisation, **who).pk), "i-calibration": str(enter_calibration(calibration, **who).pk),
        "i-kept": str(kept.pk), "i-like": str(like.pk),
        "i-apart": str(actions.not_the_same(like, apart, reason="r", **who).pk),
        "i-merge": str(actions.merge_institutions(kept, merged, reason="r", **who).pk),
    }  # fmt: skip
