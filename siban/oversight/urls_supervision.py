from django.urls import path

from .desk import collections, directives, notices, tasks

urlpatterns = [
    path("desk/directives/", directives.index, name="directives"),
    path("desk/directives/export/", directives.export, name="directives-export"),
    path("desk/directives/begin/", directives.begin, name="directive-begin"),
    path("desk/directives/read/", notices.read, name="directive-read"),
    path("desk/directives/<uuid:pk>/reading/", notices.confirm, name="directive-reading"),
    path("desk/directives/<uuid:pk>/", directives.detail, name="directive"),
    path("desk/directives/<uuid:pk>/edit/", directives.edit, name="directive-edit"),
    path("desk/directives/<uuid:pk>/source/", directives.source, name="directive-source"),
    path("desk/directives/<uuid:pk>/<slug:move>/", directives.act, name="directive-act"),
    path("desk/tasks/", tasks.index, name="tasks"),
    path("desk/tasks/export/", tasks.export, name="tasks-export"),
    path("desk/tasks/overview/", tasks.overview, name="tasks-overview"),
    path("desk/tasks/settle/", tasks.settle_several, name="tasks-settle"),
    path("desk/tasks/<uuid:pk>/", tasks.detail, name="task"),
    path("desk/tasks/<uuid:pk>/evidence/<uuid:row>/", tasks.evidence, name="task-evidence"),
    path("desk/tasks/<uuid:pk>/treatments/<uuid:treatment>/", tasks.settle, name="task-treatment"),
    path("desk/tasks/<uuid:pk>/<slug:move>/", tasks.act, name="task-act"),
    path("desk/collections/", collections.index, name="collections"),
    path("desk/collections/begin/", collections.begin, name="collection-begin"),
    path("desk/collections/<uuid:pk>/", collections.detail, name="collection"),
    path("desk/collections/<uuid:pk>/edit/", collections.edit, name="collection-edit"),
    path("desk/collections/<uuid:pk>/export/", collections.export, name="collection-export"),
    path("desk/collections/<uuid:pk>/blank/", collections.blank, name="collection-blank"),
    path("desk/collections/<uuid:pk>/<slug:move>/", collections.act, name="collection-act"),
    path("desk/submissions/<uuid:pk>/", collections.submission, name="submission"),
    path("desk/submissions/<uuid:pk>/receipt/", collections.receipt, name="submission-receipt"),
    path("desk/submissions/<uuid:pk>/files/<uuid:file_id>/", collections.file, name="submission-file"),
]
