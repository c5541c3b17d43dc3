"""Addresses of the staff side of cases."""

from django.urls import path

from .desk import case, counter, draft, inbox, settling

urlpatterns = [
    path("desk/cases/", inbox.inbox, name="case-inbox"),
    path("desk/cases.json", inbox.rows, name="case-inbox-json"),
    path("desk/cases/export.xlsx", inbox.export, name="case-inbox-export"),
    path("desk/cases/export/", inbox.export_whole, name="case-inbox-export-whole"),
    path("desk/opinions/", settling.opinions, name="case-opinions"),
    path("desk/promises/", settling.promises, name="case-promises"),
    path("desk/mandates/", settling.mandates, name="case-mandates"),
    path("desk/cases/<str:number>/", case.case, name="desk-case"),
    path("desk/cases/<str:number>/reveal/<str:field>/", case.reveal, name="desk-case-reveal"),
    path("desk/cases/<str:number>/files/<uuid:row>/", case.material, name="desk-case-file"),
    path("desk/cases/<str:number>/papers/<uuid:paper_id>/", case.paper, name="desk-case-paper"),
    path("desk/cases/<str:number>/override/<slug:answer>/", settling.override, name="desk-case-override"),
    path("desk/cases/<str:number>/promise/", settling.promise, name="desk-case-promise"),
    path("desk/cases/<str:number>/<slug:move>/", case.act, name="desk-case-act"),
    path("desk/counter/", counter.counter, name="counter"),
    path("desk/counter/person/", counter.person, name="counter-person"),
    path("desk/counter/items/", counter.items, name="counter-items"),
    path("desk/counter/<uuid:case_id>/", draft.draft, name="counter-draft"),
    path("desk/counter/<uuid:case_id>/done/", draft.done, name="counter-done"),
]
