"""The rulebook is for everyone."""

from tests.faces.promises import EVERYONE, Promises

GET: Promises = {
    "rulebook": [((), EVERYONE)],
    "rulebook_findings": [((), EVERYONE)],
    "rulebook_changes": [((), EVERYONE)],
    "rulebook_regulation": [(("SAMR-39",), EVERYONE)],
}
