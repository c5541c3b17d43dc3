from django.urls import path

from . import desk, desk_entry

urlpatterns = [
    path("desk/halls/delayed/", desk.delayed, name="delayed"),
    path("desk/halls/delayed/items/", desk.items, name="delayed-items"),
    path("desk/halls/delayed/claims/", desk.claims, name="delayed-claims"),
    path("desk/halls/delayed/exemptions/", desk.exemptions, name="delayed-exemptions"),
    path("desk/halls/delayed/annex/", desk.workbook, name="delayed-annex"),
    path("desk/halls/entry/", desk_entry.entry, name="hall-entry"),
    path("desk/halls/entry/items/", desk_entry.items, name="hall-items"),
    path("desk/halls/entry/letters/", desk_entry.letters, name="hall-letters"),
    path("desk/halls/entry/in-name/", desk_entry.in_name, name="hall-in-name"),
    path("desk/halls/entry/export/", desk_entry.export, name="hall-export"),
]
