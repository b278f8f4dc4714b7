"""When the register was last searched for duplicates, and whether anything that is compared was changed since; asked of the journal."""

from datetime import datetime, timedelta

from zhunsheng.foundation.journal.models import Entry

SEARCH = "search_duplicates"
COMPARED = (
    "enter_institution", "enter_institutions", "mend_institution", "import_institutions", "merge_institutions", "undo_merge",
    "take_back_not_the_same",
    "enter_certificate", "enter_certificates", "correct_certificate", "enter_contact", "mend_contact", "remove_contact",
    "import_contacts",
)  # fmt: skip
"""The acts that change what a search compares or leaves out: names, codes, addresses, certificates, telephones, decisions."""
UNDER_WAY = timedelta(hours=1)
"""An act bears the moment at which it began: one that was being written during a search may have begun so long before it."""


def last_search() -> datetime | None:
    """When the last search began."""
    return Entry.objects.filter(verb=SEARCH).order_by("-at").values_list("at", flat=True).first()


def to_be_searched() -> bool:
    """Was anything compared changed since the last search, or never searched? One question of an index a verb."""
    acts = Entry.objects.filter(verb__in=COMPARED)
    since = last_search()
    return acts.exists() if since is None else acts.filter(at__gte=since - UNDER_WAY).exists()
