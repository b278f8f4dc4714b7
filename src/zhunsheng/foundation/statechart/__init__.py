"""What a state machine is: words in two languages and a table of transitions; pure but for `move`.

Every domain writes its table in `states.py`. Its picture is printed from it (`zhunsheng states`), so the manual cannot lie.
Needs bilingual; leaves no evidence: the verb that moves a thing does.
"""

from zhunsheng.foundation.statechart.machine import Machine, NotAllowedNow, State, Transition, move

__all__ = ["Machine", "NotAllowedNow", "State", "Transition", "move"]
