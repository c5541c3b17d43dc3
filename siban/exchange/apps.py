from siban.kernel.room import Room


class ExchangeConfig(Room):
    name = "siban.exchange"
    label = "exchange"
