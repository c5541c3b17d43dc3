from django.urls import path

from . import desk, urls_reform

urlpatterns = [
    path("desk/figures/", desk.dashboard, name="dashboard"),
    path("desk/figures/export/", desk.workbook, name="dashboard-export"),
    path("desk/figures/<slug:slug>/<str:unit>/<slug:part>/", desk.drill, name="dashboard-rows"),
    *urls_reform.urlpatterns,
]
