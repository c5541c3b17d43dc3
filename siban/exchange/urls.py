from django.urls import path

from . import desk, endpoints, public

urlpatterns = [
    path("messages/count/", public.count, name="messages-count"),
    path("messages/confirm/<str:token>/", public.confirm, name="email-confirm"),
    path("my/messages/", public.my_messages, name="my-messages"),
    path("my/messages/read/", public.read_mine, name="my-messages-read"),
    path("my/messages/settings/", public.my_settings, name="my-message-settings"),
    path("my/messages/<uuid:pk>/open/", public.open_mine, name="my-message-open"),
    path("desk/messages/", desk.my_messages, name="desk-messages"),
    path("desk/messages/read/", desk.read_mine, name="desk-messages-read"),
    path("desk/messages/settings/", desk.my_settings, name="desk-message-settings"),
    path("desk/messages/<uuid:pk>/open/", desk.open_mine, name="desk-message-open"),
    path("desk/messages/<uuid:pk>/take-up/", desk.take_up, name="desk-message-take-up"),
    path("desk/messages/sent/", desk.sent, name="messages-sent"),
    path("desk/messages/sent/export/", desk.export, name="messages-export"),
    path("desk/messages/sent/<uuid:pk>/resend/", desk.resend, name="message-resend"),
    path("desk/messages/sms/", desk.demo_sms, name="messages-sms"),
    path("desk/messages/sms/<uuid:pk>/report/", desk.demo_report, name="sms-demo-report"),
    path("exchange/sms/report/", endpoints.sms_report, name="sms-report"),
]
