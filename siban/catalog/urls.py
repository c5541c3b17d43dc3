from django.urls import path

from . import desk, desk_edit, public

urlpatterns = [
    path("items/", public.items, name="item-search"),
    path("items/suggest/", public.suggestions, name="item-suggest"),
    path("items/<str:impl_code>/", public.item_guide, name="item-guide"),
    path("items/<str:impl_code>/print/", public.item_print, name="item-print"),
    path("desk/items/", desk.items, name="desk-items"),
    path("desk/items/export/", desk.export, name="desk-items-export"),
    path("desk/items/<uuid:pk>/", desk.item, name="desk-item"),
    path("desk/items/<uuid:pk>/edit/", desk_edit.edit, name="desk-item-edit"),
    path("desk/items/<uuid:pk>/<slug:move>/", desk.move, name="desk-item-move"),
]
