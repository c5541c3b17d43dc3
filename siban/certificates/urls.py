from django.urls import path

from . import desk, public

urlpatterns = [
    path("verify/", public.verify, name="verify"),
    path("verify/<str:code>/", public.verify_result, name="verify-result"),
    path("my/certificates/", public.my_certificates, name="my-certificates"),
    path("my/certificates/<uuid:pk>/", public.my_certificate, name="my-certificate"),
    path("certificates/<uuid:pk>/pdf/", public.certificate_pdf, name="certificate-pdf"),
    path("papers/<uuid:pk>/", public.paper_pdf, name="paper-pdf"),
    path("desk/certificates/", desk.register, name="certificate-register"),
    path("desk/certificates/<uuid:pk>/", desk.detail, name="certificate-detail"),
    path("desk/certificates/<uuid:pk>/<slug:move>/", desk.act, name="certificate-act"),
]
