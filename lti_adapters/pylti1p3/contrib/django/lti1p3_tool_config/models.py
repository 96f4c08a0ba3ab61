"""The tables are those of `lti_storage.django`."""

from lti_adapters.pylti1p3.registration import Registration
from lti_storage.django.models import LtiTool, LtiToolKey

__all__ = ["LtiTool", "LtiToolKey", "Registration"]
