"""The policies of subcontracting that have ever been in force."""

from zhunsheng.foundation.policies import Shipped

SHIPPED = Shipped(__name__)
policy_on = SHIPPED.on
policy_by_version = SHIPPED.version
