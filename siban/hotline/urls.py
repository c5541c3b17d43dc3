"""Addresses of the hotline."""

from django.urls import path

<<<<<<< HEAD
from .desk import console, intake, knowledge, knowledge_gaps, orders, standing, working
from .public import asking, filing
=======
from .desk import intake, knowledge, knowledge_gaps, orders, standing, working
from .desk import open311 as open311_desk
from .public import asking, filing, open311
>>>>>>> w-kno

urlpatterns = [
    path("open311/v2/discovery.<str:form>", open311.discovery, name="open311-discovery"),
    path("open311/v2/services.<str:form>", open311.services, name="open311-services"),
    path("open311/v2/services/<slug:code>.<str:form>", open311.definition, name="open311-definition"),
    path("open311/v2/requests.<str:form>", open311.requests, name="open311-requests"),
    path("open311/v2/requests/<slug:number>.<str:form>", open311.one, name="open311-request"),
    path("open311/v2/tokens/<slug:mark>.<str:form>", open311.token, name="open311-token"),
    path("open311/v2/", open311.discovery, {"form": "json"}, name="open311-root"),
    path("desk/open311/", open311_desk.keys, name="open311-keys"),
    path("ask/", asking.ask, name="ask"),
    path("ask/<uuid:pk>/", asking.answer, name="ask-answer"),
    path("ask/<uuid:pk>/helpful/", asking.helpful, name="ask-helpful"),
    path("ask/<uuid:pk>/leave/", asking.leave, name="ask-leave"),
    path("desk/knowledge/", knowledge.index, name="knowledge"),
    path("desk/knowledge/export/", knowledge.export, name="knowledge-export"),
    path("desk/knowledge/new/", knowledge.new, name="knowledge-new"),
    path("desk/knowledge/stale/", knowledge_gaps.stale, name="knowledge-stale"),
    path("desk/knowledge/gaps/", knowledge_gaps.gaps, name="knowledge-gaps"),
    path("desk/knowledge/gaps/settle/", knowledge_gaps.settle, name="knowledge-settle"),
    path("desk/knowledge/<str:number>/", knowledge.article, name="knowledge-article"),
    path("desk/knowledge/<str:number>/edit/", knowledge.edit, name="knowledge-edit"),
    path("desk/knowledge/<str:number>/rewrite/", knowledge.rewrite, name="knowledge-rewrite"),
    path("desk/knowledge/<str:number>/versions/<int:version>/", knowledge.version, name="knowledge-version"),
    path("demands/new/", filing.file_demand, name="hotline-file-demand"),
    path("my/demands/", filing.mine, name="my-orders"),
    path("my/demands/<str:number>/", filing.order, name="my-order"),
    path("my/demands/<str:number>/files/<uuid:pk>/", filing.file, name="my-order-file"),
    path("my/demands/<str:number>/<slug:name>/", filing.act, name="my-order-act"),
    path("desk/hotline/", orders.index, name="hotline-orders"),
    path("desk/hotline/export/", orders.export, name="hotline-export"),
    path("desk/hotline/new/", console.console, name="hotline-console"),
    path("desk/hotline/new/help/", console.help_beside, name="hotline-help"),
    path("desk/hotline/wall/", standing.wall, name="hotline-wall"),
    path("desk/hotline/callbacks/", standing.callbacks, name="hotline-callbacks"),
    path("desk/hotline/ledgers/<slug:which>/", standing.ledger, name="hotline-ledger"),
    path("desk/hotline/ledgers/<slug:which>/export/", standing.ledger_export, name="hotline-ledger-export"),
    path("desk/hotline/rules/<slug:leaf>/", standing.rule, name="hotline-rule"),
    path("desk/hotline/hotspots/", standing.spots, name="hotline-hotspots"),
    path("desk/hotline/hotspots/<slug:leaf>/<slug:town>/", standing.propose, name="hotline-propose"),
    path("desk/hotline/<str:number>/", orders.detail, name="hotline-order"),
    path("desk/hotline/<str:number>/reveal/", orders.reveal, name="hotline-reveal"),
    path("desk/hotline/<str:number>/classify/", intake.classify, name="hotline-classify"),
    path("desk/hotline/<str:number>/reply/", working.reply, name="hotline-reply"),
    path("desk/hotline/<str:number>/visit/", working.visit, name="hotline-visit"),
    path("desk/hotline/<str:number>/legs/add/", orders.add_leg, name="hotline-add-leg"),
    path("desk/hotline/<str:number>/legs/<uuid:pk>/<slug:move>/", orders.leg, name="hotline-leg"),
    path("desk/hotline/<str:number>/files/<uuid:pk>/", orders.file, name="hotline-file"),
    path("desk/hotline/<str:number>/act/<slug:move>/", orders.act, name="hotline-act"),
]
