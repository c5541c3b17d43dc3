from django.urls import path

from . import (
    desk,
    desk_changes,
    desk_columns,
    desk_directory,
    desk_edit,
    desk_forms,
    desk_powers,
    desk_together,
    desk_versions,
    desk_workbook,
    public,
    public_lists,
)

urlpatterns = [
    path("items/", public.items, name="item-search"),
    path("items/suggest/", public.suggestions, name="item-suggest"),
    path("items/<str:impl_code>/", public.item_guide, name="item-guide"),
    path("items/<str:impl_code>/print/", public.item_print, name="item-print"),
    path(
        "items/<str:impl_code>/forms/<slug:material_id>/<slug:kind>/<slug:suffix>/", public.form_file, name="item-form"
    ),
    path("lists/", public_lists.lists, name="public-lists"),
    path("lists/<slug:slug>/", public_lists.one, name="public-list"),
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
    path("desk/items/directory/", desk_directory.claiming, name="desk-directory"),
    path("desk/items/directory/<slug:basic_code>/", desk_directory.listed, name="desk-listed"),
    path("desk/items/requests/", desk_changes.requests, name="desk-change-requests"),
    path("desk/items/base-changes/", desk_changes.base_changes, name="desk-base-changes"),
    path("desk/items/unequal/", desk_changes.unequal, name="desk-unequal"),
    path("desk/items/powers/", desk_powers.powers, name="desk-powers"),
    path("desk/items/powers/new/", desk_powers.power, name="desk-power-new"),
    path("desk/items/powers/check/", desk_powers.check, name="desk-powers-check"),
    path("desk/items/powers/<uuid:power>/", desk_powers.power, name="desk-power"),
    path("desk/items/negative/", desk_powers.negative, name="desk-negative"),
    path("desk/items/<uuid:pk>/versions/", desk_versions.versions, name="desk-item-versions"),
    path("desk/items/<uuid:pk>/", desk.item, name="desk-item"),
    path("desk/items/<uuid:pk>/edit/", desk_edit.edit, name="desk-item-edit"),
    path("desk/items/<uuid:pk>/forms/", desk_forms.forms, name="desk-item-forms"),
    path("desk/items/<uuid:pk>/forms/<slug:material_id>/", desk_forms.fields, name="desk-item-form-fields"),
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
