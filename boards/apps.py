from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "boards"

    def ready(self) -> None:
        from learners.merging import holdings  # noqa: PLC0415 (models are ready only now)
        from pars.batches import kinds  # noqa: PLC0415

        from .nppes.models import ASIDE  # noqa: PLC0415
        from .rosters.batch import ROSTERS  # noqa: PLC0415

        kinds.register(ROSTERS)
        holdings.register(ASIDE)
