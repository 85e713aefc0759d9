from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "pars.demo"
    label = "demo"
