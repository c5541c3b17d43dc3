"""Addresses of the gallery and the 适老 switch; include them at the root."""

from django.urls import path

from . import elder, gallery

urlpatterns = [
    path("ui/", gallery.gallery, name="ui-gallery"),
    path("elder/", elder.toggle, name="elder-toggle"),
]
