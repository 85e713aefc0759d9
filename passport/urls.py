from django.urls import path

from . import decisions, views

urlpatterns = [
    path("passport/", views.record, name="passport"),
    path("passport/transcript.pdf", views.record_pdf, name="passport-pdf"),
    path("passport/claim/", views.claim, name="passport-claim"),
    path("operator/claims/", decisions.claim_list, name="claim-list"),
    path("operator/claims/<int:claim_id>/", decisions.claim_detail, name="claim-detail"),
    path("operator/claims/<int:claim_id>/confirm/", decisions.claim_confirm, name="claim-confirm"),
    path("operator/claims/<int:claim_id>/refuse/", decisions.claim_refuse, name="claim-refuse"),
]
