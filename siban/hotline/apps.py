from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "siban.hotline"
    label = "hotline"
