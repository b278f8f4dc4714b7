"""The verbs of institutions: enter, mend, correct, merge."""

from zhunsheng.registry.institutions.actions.certificates import (
    correct_certificate,
    enter_certificate,
    shorten_certificate,
)
from zhunsheng.registry.institutions.actions.entering import enter_certificates, enter_institutions
from zhunsheng.registry.institutions.actions.keeping import (
    enter_contact,
    enter_institution,
    enter_site,
    mend_contact,
    mend_institution,
    mend_site,
    remove_contact,
    set_level,
)
from zhunsheng.registry.institutions.actions.merging import (
    merge_institutions,
    not_the_same,
    search_duplicates,
    take_back_not_the_same,
    undo_merge,
)

__all__ = [
    "correct_certificate",
    "enter_certificate",
    "enter_certificates",
    "enter_contact",
    "enter_institution",
    "enter_institutions",
    "enter_site",
    "mend_contact",
    "mend_institution",
    "mend_site",
    "merge_institutions",
    "not_the_same",
    "remove_contact",
    "search_duplicates",
    "set_level",
    "shorten_certificate",
    "take_back_not_the_same",
    "undo_merge",
]
