"""What every page about one activity begins with."""

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from activities.forms import Setting
from activities.models import Activity
from pars.access.doors import ActorRequest
from providers.models import Provider


def find(request: ActorRequest, activity_id: str) -> Activity:
    """The activity, if it is the actor's own. Another's is not there."""
    return get_object_or_404(Activity.objects.visible_to(request.actor), activity_id=activity_id)


def setting_of(request: ActorRequest) -> Setting:
    """The date where the provider is, and how it is accredited."""
    provider = Provider.objects.filter(organization_id=request.actor.tenant).first()
    return Setting(localdate(), jointly_accredited=provider is not None and provider.is_jointly_accredited)
