from siban.kernel.room import Room


class PortalConfig(Room):
    name = "siban.portal"
    label = "portal"
