from django.urls import path

from . import desk, desk_events, public

urlpatterns = [
    path("login/", public.login, name="login"),
    path("login/staff/", public.staff_login, name="staff-login"),
    path("logout/", public.logout, name="logout"),
    path("desk/post/", public.post, name="post"),
    path("desk/security/", desk.security, name="security"),
    path("desk/security/password/", desk.password, name="security-password"),
    path("desk/security/totp/", desk.totp, name="security-totp"),
    path("desk/security/totp/off/", desk.totp_off, name="security-totp-off"),
    path("desk/security/events/", desk_events.events, name="security-events"),
    path("desk/security/events/export/", desk_events.export, name="security-events-export"),
    path("desk/accounts/", desk.accounts, name="accounts"),
    path("desk/accounts/new/", desk.account_new, name="account-new"),
    path("desk/accounts/<uuid:pk>/", desk.account, name="account"),
    path("desk/accounts/<uuid:pk>/<slug:act>/", desk.account_act, name="account-act"),
    path("whoami/", public.whoami, name="whoami"),
]
