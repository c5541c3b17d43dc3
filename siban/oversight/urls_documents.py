from django.urls import path

from .desk import documents

urlpatterns = [
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
