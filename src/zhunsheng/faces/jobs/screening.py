"""What the jobs of a screen do: read a log, look through all. The frames are loaded where a job wants them, not with Django."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from zhunsheng.activities.campaigns.screen.models import LogFile, Screen
from zhunsheng.faces.jobs.actions import Progress
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.suspended import suspensions_seen_by
from zhunsheng.registry.people.jurisdiction import jurisdiction_of
from zhunsheng.registry.people.queries import visitor


def read_log(job: Job, progress: Progress) -> None:
    from zhunsheng.activities.campaigns.screen.actions import looking

    log = LogFile.objects.select_related("draft", "screen__authority", "received_by").get(pk=job.arguments["log"])
    reach = jurisdiction_of([log.screen.authority], timezone.localdate())
    looking.read_log(log, reach=reach, at=timezone.now())


def run_screen(job: Job, progress: Progress) -> None:
    """What the authority may see of proficiency testing is seen as who started it sees it."""
    from zhunsheng.activities.campaigns.screen.actions import looking

    found = Screen.objects.select_related("authority").get(pk=job.arguments["screen"])
    today = timezone.localdate()
    asker = visitor(job.started_by or AnonymousUser(), on=today, acting_for=found.authority_id)
    looking.run(
        found, reach=jurisdiction_of([found.authority], today), actor=job.started_by, at=timezone.now(),
        suspended=suspensions_seen_by(asker), progress=progress,
    )  # fmt: skip
