from siban.kernel.room import Room


class CertificatesConfig(Room):
    name = "siban.certificates"
    label = "certificates"
