"""Campaigns: whoever wants to may check a draw."""

from tests.faces.promises import EVERYONE, Promises

GET: Promises = {
    "draw_check": [((), EVERYONE)],
    "draw_check_alone": [((), EVERYONE)],
}
