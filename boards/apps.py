from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "boards"

    def ready(self) -> None:
        from pars.batches.kinds import register  # noqa: PLC0415 (models are ready only now)

        from .rosters.batch import ROSTERS  # noqa: PLC0415

        register(ROSTERS)
