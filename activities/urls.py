from django.urls import path, re_path

from . import views

urlpatterns = [
    path("activities/new/", views.new, name="activity-new"),
    re_path(r"^activities/(?P<activity_id>[0-9]{9})/$", views.show, name="activity"),
    re_path(r"^activities/(?P<activity_id>[0-9]{9})/edit/$", views.edit, name="activity-edit"),
]
