from django.urls import path

from .desk import figures

urlpatterns = [
    path("desk/tasks/", figures.dashboard, name="tasks"),
    path("desk/tasks/<uuid:pk>/", figures.dashboard, name="task"),
    path("desk/collections/", figures.dashboard, name="collections"),
    path("desk/submissions/<uuid:pk>/", figures.dashboard, name="submission"),
]
