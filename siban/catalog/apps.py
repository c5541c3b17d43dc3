from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "siban.catalog"
    label = "catalog"
