"""The one task that the queue knows: run a job."""

from django_tasks import task

from zhunsheng.faces.jobs import actions


@task()
def run_job(job_id: str) -> None:
    """Run the job of that id."""
    actions.run(job_id)
