from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "pars.people"
    label = "people"
