"""The configuration in Django's database: the app to be named in INSTALLED_APPS, and `DjangoDbToolConf`."""

from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.tool_conf import DjangoDbToolConf
from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract

__all__ = [
    "Deployment",
    "DjangoDbToolConf",
    "LtiException",
    "Registration",
    "ToolConfAbstract",
    "default_app_config",
]

default_app_config = "lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.apps.PyLTI1p3ToolConfig"
