from django.urls import path, re_path

from . import decisions, views
from .finder import views as finder

urlpatterns = [
    path("find/", finder.search, name="find"),
    path("find.json", finder.search_json, name="find-json"),
    re_path(r"^find/(?P<number>[0-9]{9})/$", finder.activity, name="find-activity"),
    re_path(r"^find/(?P<number>[0-9]{9})\.json$", finder.activity_json, name="find-activity-json"),
    path("passport/", views.record, name="passport"),
    path("passport/transcript.pdf", views.record_pdf, name="passport-pdf"),
    path("passport/claim/", views.claim, name="passport-claim"),
    path("operator/claims/", decisions.claim_list, name="claim-list"),
    path("operator/claims/<int:claim_id>/", decisions.claim_detail, name="claim-detail"),
    path("operator/claims/<int:claim_id>/confirm/", decisions.claim_confirm, name="claim-confirm"),
    path("operator/claims/<int:claim_id>/refuse/", decisions.claim_refuse, name="claim-refuse"),
]
