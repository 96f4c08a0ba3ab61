"""LTI for Django: `Lti()` reads the setting `LTI`; `path("lti/", include(lti.urls))` adds login, launch and key set."""

from lti_adapters.django.access import current_launch, current_launch_id, launch_required, launch_url_for, role_required
from lti_adapters.django.extension import Lti

__all__ = ["Lti", "current_launch", "current_launch_id", "launch_required", "launch_url_for", "role_required"]
