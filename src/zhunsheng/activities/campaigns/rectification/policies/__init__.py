"""The figures of this room that no regulation sets."""

from zhunsheng.foundation.policies import Shipped

SHIPPED = Shipped(__name__)
policy_on = SHIPPED.on
