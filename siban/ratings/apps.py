from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "siban.ratings"
    label = "ratings"
