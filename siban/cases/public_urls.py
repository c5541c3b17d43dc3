"""Addresses for citizens."""

from django.urls import path

from .public import acting, apply, archive, benefits, joint, materials, members, mine, progress, promising

urlpatterns = [
    path("apply/case/<uuid:case_id>/", apply.resume, name="case-apply"),
    path("apply/case/<uuid:case_id>/save/", apply.save, name="case-save"),
    path("apply/case/<uuid:case_id>/check/", apply.check, name="case-check"),
    path("apply/case/<uuid:case_id>/submit/", apply.submit, name="case-submit"),
    path("apply/case/<uuid:case_id>/renew/", apply.renew, name="case-renew"),
    path("apply/case/<uuid:case_id>/discard/", apply.discard, name="case-discard"),
    path("apply/case/<uuid:case_id>/promise-materials/", promising.promise_materials, name="case-promise-materials"),
    path("apply/case/<uuid:case_id>/choose-promise/", promising.choose_promise, name="case-choose-promise"),
    path("apply/case/<uuid:case_id>/materials/<str:material_id>/hand-in/", materials.hand_in, name="case-hand-in"),
    path("apply/case/<uuid:case_id>/handed/<uuid:row_id>/take-out/", materials.take_out, name="case-take-out"),
    path("apply/case/<uuid:case_id>/files/<uuid:file_id>/", materials.draft_file, name="draft-file"),
    path("apply/case/<uuid:case_id>/joint/", joint.joint, name="case-joint"),
    path("apply/case/<uuid:case_id>/<slug:name>/", apply.step, name="case-step"),
    path("apply/done/<str:number>/", apply.done, name="case-done"),
    path("apply/<str:impl_code>/", apply.start, name="case-start"),
    path("benefits/", benefits.lists, name="benefit-lists"),
    path("benefits/<uuid:plan_id>/", benefits.public, name="benefit-public"),
    path("my/benefits/", benefits.mine, name="my-benefits"),
    path("my/benefits/<uuid:candidate_id>/<slug:verb>/", benefits.answer, name="benefit-answer"),
    path("my/", mine.home, name="my-home"),
    path("my/archive/", archive.archive, name="my-archive"),
    path("my/archive/export.zip", archive.export, name="my-archive-export"),
    path("my/members/<uuid:enterprise_id>/", members.members, name="my-members"),
    path("my/members/<uuid:enterprise_id>/<uuid:person_id>/end/", members.end, name="my-member-end"),
    path("my/acting/", acting.acting, name="my-acting"),
    path("my/acting/<uuid:entrustment_id>/<slug:name>/", acting.answer, name="my-acting-answer"),
    path("my/joint/", joint.mine, name="my-joint"),
    path("my/joint/<uuid:row_id>/<slug:name>/", joint.answer, name="my-joint-answer"),
    path("my/cases/<str:number>/", mine.case, name="my-case"),
    path("my/cases/<str:number>/act/<slug:name>/", promising.act, name="case-own-act"),
    path("my/cases/<str:number>/withdraw/", mine.withdraw, name="case-withdraw"),
    path("my/cases/<str:number>/all.zip", mine.bundle, name="case-bundle"),
    path("my/cases/<str:number>/papers/<uuid:paper_id>/", mine.paper, name="case-paper"),
    path("my/cases/<str:number>/files/<uuid:file_id>/", materials.case_file, name="case-file"),
    path("progress/", progress.progress, name="case-progress"),
]
