"""The periods of this room that no regulation of the rulebook sets."""

from datetime import date

from zhunsheng.foundation.policies import Shipped

SHIPPED = Shipped(__name__)
policy_on = SHIPPED.on


def repeat_years(on: date) -> int:
    """How far back a finding of the same class makes another one a repeat."""
    return int(policy_on("repeats", on)["repeat_years"])
