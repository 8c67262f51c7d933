"""Slow jobs on a timer of their own: roll-ups and retention. Never the control loop."""

import logging
from collections.abc import Callable

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)


class Housekeeping:
    """Jobs that may take seconds, one at a time, skipped rather than piled up."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": 60,
            },
        )
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def every(self, seconds: float, job: Callable[[], None]) -> None:
        self._scheduler.add_job(job, "interval", seconds=seconds)

    def daily(self, hour: int, minute: int, job: Callable[[], None]) -> None:
        """At a time of day, UTC."""
        self._scheduler.add_job(job, "cron", hour=hour, minute=minute)

    def start(self) -> None:
        # Every job it runs would be two log lines.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


def _tell(event: JobExecutionEvent) -> None:
    logger.error("housekeeping job %s: %s", event.job_id, event.exception or "missed")
