"""The questions asked of jobs."""

from zhunsheng.faces.jobs.models import Job


def live_job(subject: str) -> Job | None:
    """The job that works on a thing right now, if there is one."""
    return Job.objects.filter(subject=subject, state__in=["queued", "running"]).order_by("-created_at").first()


def last_job(subject: str) -> Job | None:
    """The newest job on a thing, whatever became of it."""
    return Job.objects.filter(subject=subject).order_by("-created_at").first()
