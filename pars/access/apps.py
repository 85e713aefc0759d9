from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "pars.access"
    label = "access"
    verbose_name = "who may do what"
