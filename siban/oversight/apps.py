from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "siban.oversight"
    label = "oversight"
