"""The clocks of the site: which periods run, for whom, and who stands behind a post.

Each clock is a module: a pure function for the day, and one that finds all that is still to be done, everywhere or at some
institutions. To add one, write the module and name its clock in CLOCKS; reminders, the inbox, e-mail, and the list of
today follow. Needs messages and whatever the clocks run on.
"""

from collections.abc import Mapping

from zhunsheng.faces.clocks.calibrations import CALIBRATION
from zhunsheng.faces.clocks.campaigns import COMMITMENT, SELFCHECK, STAGE, TASK, TASK_READ
from zhunsheng.faces.clocks.certificates import CERTIFICATE
from zhunsheng.faces.clocks.follow_up import FOLLOW_UP
from zhunsheng.faces.clocks.lived_rules import LIVED_RULES
from zhunsheng.faces.clocks.rectifications import RECTIFICATION
from zhunsheng.faces.clocks.standards import STANDARD
from zhunsheng.faces.clocks.stocktakings import STOCKTAKING
from zhunsheng.faces.clocks.verifications import VERIFICATION
from zhunsheng.foundation.messages.rules import Clock

CLOCKS: Mapping[str, Clock] = {
    clock.kind: clock
    for clock in (
        CERTIFICATE,
        CALIBRATION,
        FOLLOW_UP,
        STOCKTAKING,
        LIVED_RULES,
        STANDARD,
        RECTIFICATION,
        VERIFICATION,
        COMMITMENT,
        TASK_READ,
        TASK,
        SELFCHECK,
        STAGE,
    )
}
"""Kind of a message → its clock."""
