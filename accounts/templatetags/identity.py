"""The agencies' own providers, as the sign-in page offers them."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def identity_providers() -> list[dict[str, Any]]:
    apps: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["agency"]["APPS"]
    return apps
