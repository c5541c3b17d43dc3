"""Addresses of the staff side of cases."""

from django.urls import path

from .desk import case, counter, draft, hand_out, inbox, issue, piece, pushing, reader, settling, visit

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
    path("desk/counter/reader/", reader.connect, name="counter-reader"),
    path("desk/counter/reader/reading/", reader.poll, name="counter-reader-poll"),
    path("reader/pair/", reader.pair, name="reader-pair"),
    path("reader/readings/", reader.readings, name="reader-readings"),
    path("desk/counter/visits/<uuid:visit_id>/", visit.visit, name="counter-visit"),
    path("desk/counter/visits/<uuid:visit_id>/add/", visit.add, name="counter-visit-add"),
    path("desk/counter/visits/<uuid:visit_id>/sheet/", visit.sheet, name="counter-visit-sheet"),
    path("desk/counter/visits/<uuid:visit_id>/papers.pdf", visit.all_papers, name="counter-visit-papers"),
    path("desk/counter/visits/<uuid:visit_id>/park/", visit.act, {"verb": "park"}, name="counter-visit-park"),
    path("desk/counter/visits/<uuid:visit_id>/resume/", visit.act, {"verb": "resume"}, name="counter-visit-resume"),
    path("desk/counter/visits/<uuid:visit_id>/hand-in/", visit.act, {"verb": "hand_in"}, name="counter-visit-hand-in"),
    path("desk/counter/visits/<uuid:visit_id>/end/", visit.act, {"verb": "end"}, name="counter-visit-end"),
    path("desk/counter/<uuid:case_id>/take-up/", visit.take_up, name="counter-take-up"),
    path("desk/counter/<uuid:case_id>/", draft.draft, name="counter-draft"),
    path("desk/counter/<uuid:case_id>/done/", draft.done, name="counter-done"),
    path("desk/push/", pushing.push_list, name="push-list"),
    path("desk/push/sheet/", pushing.push_sheet, name="push-sheet"),
    path("desk/issue/", issue.issue_list, name="issue-list"),
    path("desk/issue/find/", issue.find, name="issue-find"),
    path("desk/issue/confirm/", issue.confirm, name="issue-confirm"),
    path("desk/issue/hand-over/", issue.hand_over, name="issue-hand-over"),
    path("desk/issue/results/", issue.results, name="issue-results"),
    path("desk/issue/export.xlsx", issue.export, name="issue-export"),
    path("desk/issue/labels/", piece.labels, name="issue-labels"),
    path("desk/issue/cases/<str:number>/", hand_out.hand_out, name="issue-hand-out"),
    path("desk/issue/cases/<str:number>/originals/", piece.originals, name="issue-originals"),
    path("desk/issue/pieces/<str:barcode>/", piece.piece, name="issue-piece"),
    *(
        path(f"desk/issue/pieces/<str:barcode>/{verb}/", piece.act, {"verb": verb}, name=f"issue-{verb}")
        for verb in piece.VERBS
    ),
]
