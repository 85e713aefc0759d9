from django.urls import path, re_path

from . import files, views
from .forms import SECTIONS

_ONE = r"^activities/(?P<activity_id>[0-9]{9})/"
_SECTION = rf"edit/(?P<name>{'|'.join(SECTIONS)})/"

urlpatterns = [
    path("activities/new/", views.new, name="activity-new"),
    path("activities/files/", files.offered, name="activity-files"),
    path("activities/files/learner-counts.xlsx", files.counts_workbook, name="activity-counts-workbook"),
    path("activities/files/activities.xlsx", files.workbook, name="activity-workbook"),
    path("activities/files/activities.json", files.document, name="activity-document"),
    path("activities/files/activities.xml", files.xml_document, name="activity-document-xml"),
    path("templates/activities.xlsx", files.template, name="activity-template"),
    re_path(rf"{_ONE}$", views.show, name="activity"),
    re_path(rf"{_ONE}edit/$", views.edit, name="activity-edit"),
    re_path(rf"{_ONE}{_SECTION}$", views.section, name="activity-section"),
    re_path(rf"{_ONE}copy/$", views.copy, name="activity-copy"),
    re_path(rf"{_ONE}repeat/$", views.repeat, name="activity-repeat"),
    re_path(rf"{_ONE}close/$", views.close, name="activity-close"),
    re_path(rf"{_ONE}reopen/$", views.reopen, name="activity-reopen"),
    re_path(rf"{_ONE}delete/$", views.delete, name="activity-delete"),
]
