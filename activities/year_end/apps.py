from django.apps import AppConfig


class YearEndConfig(AppConfig):
    name = "activities.year_end"
    label = "year_end"
