from siban.kernel.room import Room


class RatingsConfig(Room):
    name = "siban.ratings"
    label = "ratings"
