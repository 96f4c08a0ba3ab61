"""Tags for the pages of a launch."""

from typing import Any

from django import template
from django.template.context import Context

from lti_adapters.django.access import launch_url_for

register = template.Library()


@register.simple_tag(takes_context=True)
def launch_url(context: Context, viewname: str, *args: Any, **kwargs: Any) -> str:
    """As Django's `url`, and the address carries the launch of the request: `{% launch_url "report" quiz.pk %}`."""
    return launch_url_for(context["request"], viewname, *args, **kwargs)
