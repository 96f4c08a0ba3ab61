"""The app is that of `lti_storage.django`, by whichever name it is installed."""

from lti_storage.django.apps import LtiStorageConfig as PyLTI1p3ToolConfig

__all__ = ["PyLTI1p3ToolConfig"]
