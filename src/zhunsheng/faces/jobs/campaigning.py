"""What the jobs of a campaign do: enrol who takes part."""

from uuid import UUID

from django.utils import timezone

from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants
from zhunsheng.faces.jobs.actions import Progress
from zhunsheng.faces.jobs.models import Job


def enrol(job: Job, progress: Progress) -> None:
    enrol_participants(UUID(job.arguments["campaign"]), actor=job.started_by, at=timezone.now(), progress=progress)
