"""`{% demo_sign_ins %}`: who can sign in to the demo, for its sign-in page."""

import json
from functools import cache
from typing import Any

from django import template

from pars.demo.world import WORLD

register = template.Library()


@register.simple_tag
@cache
def demo_sign_ins() -> dict[str, Any]:
    """`people` as (e-mail, what they are) pairs, and the one `password`."""
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    names = {entry["provider_id"]: entry["name"] for entry in world["providers"]}
    names |= {entry["code"]: entry["name"] for entry in world["boards"]}
    people = [
        (
            user["email"],
            f"{user['role'].capitalize()}, {names.get(user['organization'], 'Accreditor')}"
            if "organization" in user
            else "Physician",
        )
        for user in world["users"]
    ]
    return {"people": people, "password": world["password_for_everyone"]}
