"""Which room answers which address."""

from django.urls import include, path

from config import health
from config.api import api

urlpatterns = [  # what is opened most stands first
    path("healthz", health.healthz, name="healthz"),
    path("", include("siban.cases.desk_urls")),
    path("api/v1/", api.urls),
    path("", include("siban.catalog.urls")),
    path("", include("siban.kernel.ui.urls")),
    path("", include("siban.identity.urls")),
    path("", include("siban.portal.urls")),
    path("", include("siban.exchange.urls")),
    path("", include("siban.certificates.urls")),
    path("", include("siban.cases.fee_urls")),
    path("", include("siban.cases.public_urls")),
    path("", include("siban.ratings.urls")),
    path("", include("siban.halls.urls")),
    path("", include("siban.hotline.urls")),
    path("", include("siban.oversight.urls")),
    path("", include("siban.portal.desk_urls")),
]

handler400 = "siban.kernel.web.faults.bad_request"
handler403 = "siban.kernel.web.faults.forbidden"
handler404 = "siban.kernel.web.faults.not_found"
handler500 = "siban.kernel.web.faults.server_error"
