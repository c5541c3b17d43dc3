"""Addresses of reform, computed."""

from django.urls import path

from . import annexes_reform as _annexes  # noqa: F401 (they register themselves)
from . import desk_disclosure as disclosure
from . import desk_liangyou as liangyou
from . import desk_liangyou_reports as reports
from . import desk_transfer as transfer

urlpatterns = [
    path("desk/reform/liangyou/", liangyou.home, name="liangyou"),
    path("desk/reform/liangyou/<uuid:pk>/", liangyou.round_page, name="liangyou-round"),
    path("desk/reform/liangyou/<uuid:pk>/rows/", liangyou.rows, name="liangyou-rows"),
    path("desk/reform/liangyou/<uuid:pk>/claims/", reports.claims, name="liangyou-claims"),
    path("desk/reform/liangyou/<uuid:pk>/workbook/", reports.workbook, name="liangyou-workbook"),
    path("desk/reform/liangyou/records/<uuid:pk>/", liangyou.record, name="liangyou-record"),
    path("desk/reform/liangyou/reports/<uuid:pk>/", reports.report, name="liangyou-report"),
    path("desk/reform/liangyou/statements/<uuid:pk>/", reports.statement, name="liangyou-statement"),
    path("desk/reform/internal/", reports.internals, name="liangyou-internals"),
    path("desk/reform/internal/<uuid:pk>/", reports.internal, name="liangyou-internal"),
    path("desk/reform/transfers/", transfer.transfers, name="transfers"),
    path("desk/reform/transfers/pushes/", transfer.pushes, name="transfer-pushes"),
    path("desk/reform/transfers/<uuid:pk>/", transfer.transfer, name="transfer"),
    path("desk/reform/disclosure/", disclosure.disclosure, name="disclosure"),
    path("desk/reform/disclosure/columns/", disclosure.columns, name="disclosure-columns"),
    path("desk/reform/disclosure/updates/", disclosure.updates, name="disclosure-updates"),
    path("desk/reform/disclosure/workbook/", disclosure.workbook, name="disclosure-workbook"),
]
