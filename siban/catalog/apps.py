from siban.kernel.room import Room


class CatalogConfig(Room):
    name = "siban.catalog"
    label = "catalog"
