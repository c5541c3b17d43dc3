from siban.kernel.room import Room


class HallsConfig(Room):
    name = "siban.halls"
    label = "halls"
