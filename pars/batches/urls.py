from django.urls import path

from . import headings, row_views, undo_views, views

urlpatterns = [
    path("uploads/", views.uploads, name="batch-list"),
    path("uploads/headings/", headings.remembered, name="heading-list"),
    path("uploads/headings/<int:pk>/forget/", headings.forget, name="heading-forget"),
    path("uploads/<uuid:batch_id>/", views.one, name="batch"),
    path("uploads/<uuid:batch_id>/answer/", views.answer, name="batch-answer"),
    path("uploads/<uuid:batch_id>/undo/", undo_views.undo, name="batch-undo"),
    path("uploads/<uuid:batch_id>/rows/<int:number>/", row_views.row, name="batch-row"),
    path("uploads/<uuid:batch_id>/errors.xlsx", views.errors, name="batch-errors"),
    path("uploads/<uuid:batch_id>/result.json", views.result, name="batch-json"),
    path("uploads/<uuid:batch_id>/original", views.original, name="batch-original"),
    path("operator/batches/", views.everyones, name="operator-batches"),
]
