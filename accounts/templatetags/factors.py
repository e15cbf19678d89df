"""What passkeys are asked, as the script of a page reads it."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_options(options: Any) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)
