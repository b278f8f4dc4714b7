"""What the job of a self-check does: make the forms of all who take part."""

from django.utils import timezone

from zhunsheng.activities.campaigns.selfcheck.actions.opening import open_selfchecks as open_all
from zhunsheng.activities.campaigns.selfcheck.models import Call
from zhunsheng.faces.jobs.actions import Progress
from zhunsheng.faces.jobs.models import Job


def open_selfchecks(job: Job, progress: Progress) -> None:
    """Goes on where a worker that was killed left off: each step is whole, and a step done twice changes nothing."""
    call = Call.objects.select_related("checklist").get(campaign=job.arguments["campaign"])
    open_all(call, actor=job.started_by, at=timezone.now(), progress=progress)
