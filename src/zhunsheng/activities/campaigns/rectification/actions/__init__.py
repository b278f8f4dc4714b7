"""The verbs of rectification, the only writers: putting right, and looking back."""

from zhunsheng.activities.campaigns.rectification.actions.looking_back import (
    draw_look_back,
    judge_look_back,
    promise_look_back,
)
from zhunsheng.activities.campaigns.rectification.actions.putting_right import (
    check_effect,
    judge,
    open_rectifications,
    order_anew,
    submit,
    void_rectifications,
)

__all__ = [
    "check_effect",
    "draw_look_back",
    "judge",
    "judge_look_back",
    "open_rectifications",
    "order_anew",
    "promise_look_back",
    "submit",
    "void_rectifications",
]
