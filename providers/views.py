"""The provider's own profile."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pars.access.doors import ActorRequest, requires
from pars.access.models import Agreement
from pars.access.roles import Permission

from .models import Provider


@require_safe
@requires(Permission.PROVIDER_LOOK)
def profile(request: ActorRequest) -> HttpResponse:
    """Who the provider is, as boards and physicians read it, and the terms it accepted."""
    provider = get_object_or_404(
        Provider.objects.select_related("organization"), organization_id=request.actor.organization_id
    )
    agreement = (
        Agreement.objects.filter(organization_id=provider.organization_id)
        .select_related("accepted_by")
        .order_by("-dated")
        .first()
    )
    return render(request, "providers/profile.html", {"provider": provider, "agreement": agreement})
