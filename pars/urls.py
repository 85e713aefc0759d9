"""Every address. Who may use each stands at its view and, for all of them together, in tests/access_table.py."""

from django.urls import include, path

from pars.records.registered import site

urlpatterns = [
    path("", include("pars.web.urls")),
    path("", include("pars.outbox.urls")),
    path("", include("pars.people.urls")),
    path("operator/records/", site.urls),
    path("", include("pars.batches.urls")),
    path("", include("providers.urls")),
    path("", include("activities.urls")),
    path("", include("activities.year_end.urls")),
    path("", include("learners.urls")),
    path("", include("boards.urls")),
    path("", include("passport.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "pars.web.views.bad_request"
handler403 = "pars.web.views.forbidden"
handler404 = "pars.web.views.not_found"
handler500 = "pars.web.views.broken"
