from django.urls import path

from . import activities, checking, collecting, entering, oversight, parking, template, views

urlpatterns = [
    path("provider/", views.dashboard, name="provider-dashboard"),
    path("activities/", activities.activity_list, name="activity-list"),
    path(
        "activities/activities.csv", activities.activity_export, {"kind": "csv"}, name="activity-export-csv"
    ),
    path(
        "activities/activities.xlsx",
        activities.activity_export,
        {"kind": "xlsx"},
        name="activity-export-xlsx",
    ),
    path("credits/", views.credit_list, name="credit-list"),
    path("credits/new/", views.credit_new, name="credit-new"),
    path("credits/grid/", entering.credit_grid, name="credit-grid"),
    path("credits/grid/row/", entering.credit_grid_row, name="credit-grid-row"),
    path("credits/<int:credit_id>/correct/", views.correct, name="credit-correct"),
    path("credits/collect/", collecting.collection_form, name="collection-form"),
    path("templates/learners-collected.xlsx", collecting.collection_sheet, name="collection-sheet"),
    path("credits/check/", views.credit_check, name="credit-check"),
    path("credits/waiting/", parking.waiting_list, name="credit-waiting"),
    path("credits/<int:credit_id>/details/", parking.reword, name="credit-reword"),
    path("credits/found/", views.found_read, name="credit-found-read"),
    path("credits/<int:credit_id>/", views.credit, name="credit"),
    path("credits/<int:credit_id>/withdraw/", views.withdraw, name="credit-withdraw"),
    path("credits/check-learners/", checking.check_learners, name="check-learners"),
    path("templates/learners-to-check.xlsx", template.check_template, name="check-template"),
    path("templates/learners.xlsx", template.learner_template, name="learner-template"),
    path("operator/retention/", oversight.retention, name="retention"),
    path("operator/retention/holds/", oversight.hold_place, name="hold-place"),
    path("operator/retention/holds/<int:hold_id>/", oversight.hold, name="hold"),
    path("operator/retention/holds/<int:hold_id>/release/", oversight.hold_release, name="hold-release"),
]
