from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "pars.batches"
    label = "batches"
