from uuid import uuid4

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.sending import FIELD

register = Library()


@register.simple_tag
def once() -> SafeString:
    """The number of this form, drawn anew each time; it stands beside `{% csrf_token %}`."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())
