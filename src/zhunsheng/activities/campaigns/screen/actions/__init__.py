"""The verbs of the screen, the only writers: gathering logs, settling suspicions; and `looking`, which is loaded where it is wanted."""

from zhunsheng.activities.campaigns.screen.actions.gathering import begin, open_screen, receive_log
from zhunsheng.activities.campaigns.screen.actions.settling import answer, ask, explain, take_up

__all__ = ["answer", "ask", "begin", "explain", "open_screen", "receive_log", "take_up"]
