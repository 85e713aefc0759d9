from django.urls import path

from . import views

urlpatterns = [
    path("year-end/", views.year_end, name="year-end"),
    path("year-end/agreement/", views.agree, name="year-end-agree"),
    path("year-end/summary/", views.summary, name="year-end-summary"),
    path("year-end/learners/", views.learners, name="year-end-learners"),
    path("year-end/close/", views.close, name="year-end-close"),
]
