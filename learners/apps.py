from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"

    def ready(self) -> None:
        # Models are ready only now.
        from activities import dependents  # noqa: PLC0415
        from pars.batches.kinds import register  # noqa: PLC0415
        from pars.outbox import kinds as outbox  # noqa: PLC0415

        from .batch import LEARNERS  # noqa: PLC0415
        from .dependents import Credits  # noqa: PLC0415
        from .reminders import REMINDER  # noqa: PLC0415
        from .validation import VALIDATION  # noqa: PLC0415

        register(LEARNERS)
        register(VALIDATION)
        dependents.register(Credits())
        outbox.register(REMINDER)
