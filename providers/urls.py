from django.urls import path

from . import onboarding, views

urlpatterns = [
    path("provider/profile/", views.profile, name="provider-profile"),
    path("operator/organizations/new/provider/", onboarding.provider_new, name="provider-new"),
]
