from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"

    def ready(self) -> None:
        from pars.batches.kinds import register  # noqa: PLC0415 (models are ready only now)

        from .batch import LEARNERS  # noqa: PLC0415

        register(LEARNERS)
