from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "siban.certificates"
    label = "certificates"
