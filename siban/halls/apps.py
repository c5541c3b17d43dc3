from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "siban.halls"
    label = "halls"
