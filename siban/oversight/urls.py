from django.urls import path

from . import urls_supervision
from .desk import figures

urlpatterns = [
    *urls_supervision.urlpatterns,
    path("desk/figures/", figures.dashboard, name="dashboard"),
    path("desk/figures/export/", figures.workbook, name="dashboard-export"),
    path("desk/figures/<slug:slug>/<str:unit>/<slug:part>/", figures.drill, name="dashboard-rows"),
]
