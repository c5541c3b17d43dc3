from django.urls import path

from . import (
    desk,
    desk_columns,
    desk_edit,
    desk_forms,
    desk_guide,
    desk_materials,
    desk_situations,
    desk_together,
    desk_workbook,
    public,
    public_ask,
    public_kiosk,
    public_tv,
)  # fmt: skip

urlpatterns = [
    path("items/", public.items, name="item-search"),
    path("items/suggest/", public.suggestions, name="item-suggest"),
    path("items/<str:impl_code>/", public.item_guide, name="item-guide"),
    path("items/<str:impl_code>/ask/", public_ask.ask, name="item-ask"),
    path("kiosk/", public_kiosk.start, name="kiosk"),
    path("kiosk/end/", public_kiosk.end, name="kiosk-end"),
    path("kiosk/items/", public_kiosk.items, name="kiosk-items"),
    path("kiosk/items/<str:impl_code>/", public_kiosk.item, name="kiosk-item"),
    path("tv/", public_tv.page, name="tv"),
    path("tv/feed.json", public_tv.feed, name="tv-feed"),
    path("desk/guide/<str:impl_code>/", desk_guide.item, name="desk-guide"),
    path("desk/materials/", desk_materials.grains, name="desk-materials"),
    path("desk/materials/export/", desk_materials.export, name="desk-materials-export"),
    path("desk/materials/<str:pk>/", desk_materials.grain, name="desk-material"),
    path("desk/materials/<str:pk>/link/", desk_materials.link, name="desk-material-link"),
    path("desk/materials/<str:pk>/items/", desk_materials.open_changes, name="desk-material-changes"),
    path("items/<str:impl_code>/print/", public.item_print, name="item-print"),
    path(
        "items/<str:impl_code>/forms/<slug:material_id>/<slug:kind>/<slug:suffix>/", public.form_file, name="item-form"
    ),
    path("desk/items/", desk.items, name="desk-items"),
    path("desk/items/export/", desk.export, name="desk-items-export"),
    path("desk/items/workbook/", desk_workbook.upload, name="desk-workbook"),
    path("desk/items/workbook/export/", desk_workbook.export, name="desk-workbook-export"),
    path("desk/items/workbook/<uuid:pk>/", desk_workbook.preview, name="desk-workbook-page"),
    path("desk/items/workbook/<uuid:pk>/confirm/", desk_workbook.confirm, name="desk-workbook-apply"),
    path("desk/items/workbook/<uuid:pk>/returned/", desk_workbook.returned, name="desk-workbook-returned"),
    path("desk/items/workbook/<uuid:pk>/columns/", desk_columns.columns, name="desk-workbook-columns"),
    path("desk/items/together/", desk_together.grid, name="desk-together"),
    path("desk/items/together/<uuid:pk>/", desk_together.made, name="desk-together-made"),
    path("desk/items/together/<uuid:pk>/undo/", desk_together.undo, name="desk-together-undo"),
    path("desk/items/<uuid:pk>/", desk.item, name="desk-item"),
    path("desk/items/<uuid:pk>/edit/", desk_edit.edit, name="desk-item-edit"),
    path("desk/items/<uuid:pk>/situations/", desk_situations.edit, name="desk-item-situations"),
    path("desk/items/<uuid:pk>/forms/", desk_forms.forms, name="desk-item-forms"),
    path(
        "desk/items/<uuid:pk>/forms/<slug:material_id>/<slug:kind>/<slug:suffix>/",
        desk_forms.file,
        name="desk-item-form",
    ),
    path(
        "desk/items/<uuid:pk>/forms/<slug:material_id>/<slug:kind>/", desk_forms.change, name="desk-item-form-change"
    ),
    path("desk/items/<uuid:pk>/<slug:move>/", desk.move, name="desk-item-move"),
]
