"""Addresses of the staff side of cases."""

from django.urls import path

from .desk import inbox

urlpatterns = [
    path("desk/cases/", inbox.inbox, name="case-inbox"),
    path("desk/cases.json", inbox.rows, name="case-inbox-json"),
    path("desk/cases/export.xlsx", inbox.export, name="case-inbox-export"),
    path("desk/cases/export/", inbox.export_whole, name="case-inbox-export-whole"),
]
