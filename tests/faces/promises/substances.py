"""The list of non-food substances and the search for laboratories near a place are for everyone."""

from tests.faces.promises import EVERYONE, Promises

GET: Promises = {
    "substances": [((), EVERYONE)],
    "substance": [(("4",), EVERYONE)],
    "find": [((), EVERYONE)],
    "find_suggestions": [((), EVERYONE)],
}
