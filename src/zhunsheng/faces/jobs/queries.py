"""The questions asked of jobs."""

from zhunsheng.faces.jobs.models import Job


def last_job(subject: str) -> Job | None:
    """The newest job on a thing, whatever became of it."""
    return Job.objects.filter(subject=subject).order_by("-created_at").first()
