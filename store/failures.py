"""Why jobs of the workers failed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.base import utcnow
from store.tables import JobFailure


def note(session: Session, job_id: int, error: str) -> None:
    """Keep why a job failed; of several tries, the last."""
    session.merge(JobFailure(job_id=job_id, error=error, failed_at=utcnow()))


def forget(session: Session, job_id: int) -> None:
    """A job is done after all."""
    session.execute(delete(JobFailure).where(JobFailure.job_id == job_id))


def of_jobs(session: Session, ids: Collection[int]) -> dict[int, JobFailure]:
    """Why these jobs failed the last time, by their numbers; of those that never did, nothing."""
    found = session.scalars(select(JobFailure).where(JobFailure.job_id.in_(ids)))
    return {one.job_id: one for one in found}
