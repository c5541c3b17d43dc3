from django.apps import AppConfig


class OnethingConfig(AppConfig):
    name = "siban.onething"
    label = "onething"
