"""Which room answers which address."""

from django.urls import path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    # ui
]

handler400 = "siban.kernel.web.faults.bad_request"
handler403 = "siban.kernel.web.faults.forbidden"
handler404 = "siban.kernel.web.faults.not_found"
handler500 = "siban.kernel.web.faults.server_error"
