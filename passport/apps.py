from django.apps import AppConfig


class PassportConfig(AppConfig):
    name = "passport"

    def ready(self) -> None:
        from learners.merging.holdings import Holding, register  # noqa: PLC0415 (models are ready only now)

        register(
            Holding(
                "passport_passport",
                key="user_id",
                once=True,
                refusal="Each is held by an account of its own. Find out which one is the physician's first.",
            )
        )
        register(Holding("passport_claim"))
