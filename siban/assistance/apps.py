from siban.kernel.room import Room


class AssistanceConfig(Room):
    name = "siban.assistance"
    label = "assistance"
