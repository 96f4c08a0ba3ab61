"""Django."""

from lti_adapters.pylti1p3.contrib.django.launch_data_storage.cache import DjangoCacheDataStorage
from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config import DjangoDbToolConf
from lti_adapters.pylti1p3.contrib.django.message_launch import DjangoMessageLaunch
from lti_adapters.pylti1p3.contrib.django.oidc_login import DjangoOIDCLogin

__all__ = ["DjangoCacheDataStorage", "DjangoDbToolConf", "DjangoMessageLaunch", "DjangoOIDCLogin"]
