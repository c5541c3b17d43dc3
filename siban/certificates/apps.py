from django.db.models.signals import post_migrate

from siban.kernel.room import Room


class CertificatesConfig(Room):
    name = "siban.certificates"
    label = "certificates"

    def ready(self) -> None:
        super().ready()
        from . import reference

        super().ready()
        post_migrate.connect(reference.after_migrate, sender=self, dispatch_uid="certificates.reference")
