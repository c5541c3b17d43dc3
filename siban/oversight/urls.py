from django.urls import path

from . import urls_reform, urls_supervision
from .desk import documents, figures

urlpatterns = [
    *urls_reform.urlpatterns,
    *urls_supervision.urlpatterns,
    path("desk/figures/", figures.dashboard, name="dashboard"),
    path("desk/figures/export/", figures.workbook, name="dashboard-export"),
    path("desk/figures/<slug:slug>/<str:unit>/<slug:part>/", figures.drill, name="dashboard-rows"),
    path("desk/documents/", documents.listing, name="documents"),
    path("desk/documents/export/", documents.sheet, name="documents-sheet"),
    path("desk/documents/new/", documents.new, name="document-new"),
    path("desk/documents/check/", documents.check, name="document-check"),
    path("desk/documents/<uuid:pk>/", documents.document, name="document"),
    path("desk/documents/<uuid:pk>/blocks/<slug:block>/", documents.block, name="document-block"),
    path("desk/documents/<uuid:pk>/numbers/<int:place>/", documents.number, name="document-number"),
    path("desk/documents/<uuid:pk>/files/<slug:form>/", documents.download, name="document-download"),
    path("desk/documents/<uuid:pk>/<slug:name>/", documents.step, name="document-step"),
]
