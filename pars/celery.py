"""The Celery application: it wakes workers, nothing else. What is to be done, and what was, stands in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")

from django.conf import settings

app = Celery("pars")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
    },
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=180,
    task_soft_time_limit=150,
    task_publish_retry=False,
    task_default_queue="work",
    task_routes={"pars.batches.tasks.dispatch": {"queue": "clock"}, "pars.audit.tasks.*": {"queue": "clock"}},
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "seal": {"task": "pars.audit.tasks.seal_events", "schedule": 1.0, "options": {"expires": 2}},
        "dispatch": {"task": "pars.batches.tasks.dispatch", "schedule": 2.0, "options": {"expires": 4}},
        "retry-waiting": {
            "task": "learners.tasks.retry_waiting",
            "schedule": 300.0,
            "options": {"expires": 240},
        },
        "forget-uploads": {
            "task": "pars.batches.tasks.forget_uploads",
            "schedule": 3600.0,
            "options": {"expires": 3000},
        },
        "remind": {"task": "learners.tasks.remind", "schedule": 600.0, "options": {"expires": 480}},
        "dispose": {"task": "learners.tasks.dispose", "schedule": 3600.0, "options": {"expires": 3000}},
        "deliver": {"task": "pars.outbox.tasks.deliver", "schedule": 30.0, "options": {"expires": 25}},
        "forget-mail": {
            "task": "pars.outbox.tasks.forget",
            "schedule": 86_400.0,
            "options": {"expires": 3000},
        },
    },
)
app.autodiscover_tasks(["pars.audit", "pars.outbox", "pars.batches", "learners"])
