from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CertificatesConfig(AppConfig):
    name = "siban.certificates"
    label = "certificates"

    def ready(self) -> None:
        from . import reference

        post_migrate.connect(reference.after_migrate, sender=self, dispatch_uid="certificates.reference")
