"""Addresses of the staff home."""

from django.urls import path

from . import desk

urlpatterns = [
    path("desk/", desk.home, name="desk-home"),
    path("desk/search/", desk.search, name="desk-search"),
]
