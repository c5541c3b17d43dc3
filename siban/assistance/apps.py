from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "siban.assistance"
    label = "assistance"
