"""The periods of this room that no regulation of the rulebook sets."""

from zhunsheng.foundation.policies import Shipped

SHIPPED = Shipped(__name__)
policy_on = SHIPPED.on
