from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "pars.batches"
    label = "batches"

    def ready(self) -> None:
        # Models are ready only now.
        from pars.outbox.kinds import register  # noqa: PLC0415

        from .mail import BATCH_DONE  # noqa: PLC0415

        register(BATCH_DONE)
