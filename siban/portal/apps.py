from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "siban.portal"
    label = "portal"
