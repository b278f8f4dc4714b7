"""Which items of the self-check ask for what a class of findings is about; pure.

The table `data/counterparts.csv` is this project's reading, not an official one: each class F01–F23 stands beside the clauses of the
review criteria (SAMR Announcement 2023 No. 21, 2.8–2.12) whose items ask whether such a problem is there. F17, F22 and F23 name
their clause in their own basis; for the others the subject decides. It joins clauses, not numbers of items, so that a checklist
of another authority with the same clauses is read alike; a clause holds several items, and one problem admitted among them counts
as admitted, which favours the institution.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def counterparts() -> Mapping[str, tuple[str, ...]]:
    """Class of findings → clauses of the criteria; none where the checklist does not ask for it."""
    package = __package__.rpartition(".")[0]
    text = (files(package) / "data" / "counterparts.csv").read_text(encoding="utf-8")
    return {row["code"]: tuple(row["clauses"].split()) for row in csv.DictReader(text.splitlines())}
