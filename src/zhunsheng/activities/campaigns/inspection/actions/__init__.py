"""The verbs of inspections, the only writers: sending officers, recording, closing and signing, deciding."""

from zhunsheng.activities.campaigns.inspection.actions.closing import (
    close_record,
    sign_as_officer,
    sign_for_institution,
)
from zhunsheng.activities.campaigns.inspection.actions.deciding import (
    Decision,
    answer_appeal,
    appeal,
    dispose,
)
from zhunsheng.activities.campaigns.inspection.actions.recording import (
    Taken,
    keep_exhibit,
    record_finding,
    sync,
    withdraw_finding,
)
from zhunsheng.activities.campaigns.inspection.actions.sending import (
    Task,
    cancel_inspection,
    declare_recusal,
    extend_inspection,
    plan_inspections,
    replace_officer,
)

__all__ = [
    "Decision",
    "Taken",
    "Task",
    "answer_appeal",
    "appeal",
    "cancel_inspection",
    "close_record",
    "declare_recusal",
    "dispose",
    "extend_inspection",
    "keep_exhibit",
    "plan_inspections",
    "record_finding",
    "replace_officer",
    "sign_as_officer",
    "sign_for_institution",
    "sync",
    "withdraw_finding",
]
