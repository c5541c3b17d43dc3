from django.urls import path

from . import desk, public

urlpatterns = [
    path("rate/<str:token>/", public.rate, name="rate"),
    path("desk/ratings/", desk.register, name="rating-register"),
    path("desk/ratings/code/<uuid:case_id>/", desk.code, name="rating-code"),
]
