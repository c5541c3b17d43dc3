"""Every address of cases."""

from django.urls import include, path

urlpatterns = [
    path("", include("siban.cases.public_urls")),
]
