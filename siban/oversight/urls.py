from django.urls import path

from . import urls_documents, urls_reform, urls_supervision
from .desk import figures, figures_gaps, figures_measures, figures_snapshots

urlpatterns = [
    *urls_documents.urlpatterns,
    *urls_reform.urlpatterns,
    *urls_supervision.urlpatterns,
    path("desk/figures/", figures.dashboard, name="dashboard"),
    path("desk/figures/export/", figures.workbook, name="dashboard-export"),
    path("desk/figures/all/", figures_measures.everything, name="figures-all"),
    path("desk/figures/wall/", figures_measures.wall, name="figures-wall"),
    path("desk/figures/item/<uuid:item>/", figures_measures.item, name="figures-item"),
    path("desk/figures/measure/<slug:slug>/", figures_measures.measure, name="figures-measure"),
    path("desk/figures/measure/<slug:slug>/export/", figures_gaps.export, name="figures-measure-export"),
    path("desk/figures/gap/<slug:share>/<str:unit>/", figures_gaps.gap, name="figures-gap"),
    path("desk/figures/snapshots/", figures_snapshots.listed, name="figures-snapshots"),
    path("desk/figures/snapshots/take/", figures_snapshots.take, name="figures-take"),
    path("desk/figures/snapshots/correct/", figures_snapshots.correct, name="figures-correct"),
    path("desk/figures/snapshots/changes/<uuid:snapshot>/", figures_snapshots.changes, name="figures-changes"),
    path("desk/figures/snapshots/<str:day>/", figures_snapshots.day, name="figures-day"),
    path("desk/figures/<slug:slug>/<str:unit>/<slug:part>/", figures.drill, name="dashboard-rows"),
]
