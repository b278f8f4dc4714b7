"""What the registers say of an item before anyone answers."""

from collections.abc import Mapping, Sequence

from zhunsheng.activities.campaigns.selfcheck.states import FINE, OPEN, PROBLEM


def prefilled(points: Sequence[str], holds: Mapping[str, bool | None]) -> str:
    """fine where all points of the register that an item asks for hold, problem where one does not; open where one says nothing.

    `holds`: point of the register → whether it holds, None where there is nothing to look at.
    """
    said = [holds.get(one) for one in points]
    if any(one is False for one in said):
        return PROBLEM
    return FINE if said and all(said) else OPEN
