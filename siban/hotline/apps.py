from siban.kernel.room import Room


class HotlineConfig(Room):
    name = "siban.hotline"
    label = "hotline"
