from django.urls import path

from . import public

urlpatterns = [
    path("login/", public.login, name="login"),
    path("login/staff/", public.staff_login, name="staff-login"),
    path("logout/", public.logout, name="logout"),
    path("desk/post/", public.post, name="post"),
    path("whoami/", public.whoami, name="whoami"),
]
