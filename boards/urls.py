from django.urls import path

from . import onboarding, views
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
    path("boards/", views.participating, name="participating-boards"),
]
