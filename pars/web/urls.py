from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("gallery/", views.gallery, name="gallery"),
    path("readyz", views.readyz, name="readyz"),
    path("operator/mail/", views.mail_sink, name="mail-sink"),
]
