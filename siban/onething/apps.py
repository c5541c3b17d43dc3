from siban.kernel.room import Room


class OnethingConfig(Room):
    name = "siban.onething"
    label = "onething"
