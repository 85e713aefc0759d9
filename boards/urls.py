from django.urls import path

from . import onboarding, views
from .registry import views as registry
from .rosters import views as rosters

urlpatterns = [
    path("operator/organizations/new/board/", onboarding.board_new, name="board-new"),
    path("board/", views.search, name="board-search"),
    path("board/licensees/<int:license_id>/", views.licensee, name="board-licensee"),
    path("board/licensees/<int:license_id>/transcript.pdf", views.licensee_pdf, name="board-licensee-pdf"),
    path("board/profile/", views.profile, name="board-profile"),
    path("board/rosters/", rosters.overview, name="board-rosters"),
    path("board/rosters/template.xlsx", rosters.template, name="roster-template"),
    path("board/rosters/<uuid:batch_id>/missing/", rosters.missing, name="roster-absent"),
    path("operator/physicians/", registry.find, name="physician-list"),
    path("operator/physicians/<int:physician_id>/", registry.physician, name="physician"),
    path(
        "operator/physicians/<int:physician_id>/merge/<int:other_id>/", registry.merge, name="physician-merge"
    ),
    path("operator/mergers/<int:merger_id>/split/", registry.split, name="merger-split"),
    path("boards/", views.participating, name="participating-boards"),
]
