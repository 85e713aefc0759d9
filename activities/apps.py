from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"

    def ready(self) -> None:
        from pars.batches.kinds import register  # noqa: PLC0415 (models are ready only now)

        from .batch import ACTIVITIES, COUNTS  # noqa: PLC0415

        register(ACTIVITIES)
        register(COUNTS)
