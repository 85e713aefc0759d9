from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"

    def ready(self) -> None:
        from pars.batches.kinds import register

        from .batch import LEARNERS

        register(LEARNERS)
