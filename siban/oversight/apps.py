from siban.kernel.room import Room


class OversightConfig(Room):
    name = "siban.oversight"
    label = "oversight"
