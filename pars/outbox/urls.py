from django.urls import path

from . import views

urlpatterns = [
    path("mail/", views.choice, name="mail-choice"),
    path("operator/outbox/", views.outbox, name="outbox"),
    path("operator/outbox/again/", views.try_again, name="outbox-again"),
]
