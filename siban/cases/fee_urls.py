"""Addresses of fees and parcels of a case."""

from django.urls import path

from .desk import fees as desk
from .desk import parcels as desk_parcels
from .public import fees as public
from .public import parcels as public_parcels

urlpatterns = [
    path("fees/notify/", public.notify, name="fee-notify"),
    path("my/cases/<str:number>/fee/", public.fee, name="my-fee"),
    path("my/cases/<str:number>/fee/pay/", public.pay, name="my-fee-pay"),
    path("my/cases/<str:number>/fee/refund/", public.refund, name="my-fee-refund"),
    path("my/cases/<str:number>/send/", public_parcels.send_in, name="my-case-send"),
    path("desk/parcels/of/<str:number>/", desk_parcels.book, name="desk-case-parcel"),
    path("desk/fees/", desk.orders, name="desk-fees"),
    path("desk/fees/check/", desk.checks, name="desk-fee-checks"),
    path("desk/fees/check/demo.csv", desk.demo_statement, name="desk-fee-demo"),
    path("desk/fees/check/<uuid:pk>/", desk.check, name="desk-fee-check"),
    path("desk/fees/check/difference/<uuid:pk>/", desk.resolve, name="desk-fee-resolve"),
    path("desk/fees/refunds/<uuid:pk>/<slug:name>/", desk.refund, name="desk-fee-refund"),
    path("desk/fees/<uuid:pk>/", desk.order, name="desk-fee"),
    path("desk/fees/<uuid:pk>/<slug:name>/", desk.act, name="desk-fee-act"),
]
