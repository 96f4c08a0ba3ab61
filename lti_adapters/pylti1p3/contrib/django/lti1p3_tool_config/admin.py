"""The pages of the admin are those of `lti_storage.django`."""

from lti_storage.django.admin import ToolAdmin as LtiToolAdmin
from lti_storage.django.admin import ToolKeyAdmin as LtiToolKeyAdmin
from lti_storage.django.models import LtiTool, LtiToolKey

__all__ = ["LtiTool", "LtiToolAdmin", "LtiToolKey", "LtiToolKeyAdmin"]
