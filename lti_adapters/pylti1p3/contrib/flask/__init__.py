"""Flask."""

from lti_adapters.pylti1p3.contrib.flask.cookie import FlaskCookieService
from lti_adapters.pylti1p3.contrib.flask.launch_data_storage.cache import FlaskCacheDataStorage
from lti_adapters.pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from lti_adapters.pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.contrib.flask.session import FlaskSessionService

__all__ = [
    "FlaskCacheDataStorage",
    "FlaskCookieService",
    "FlaskMessageLaunch",
    "FlaskOIDCLogin",
    "FlaskRequest",
    "FlaskSessionService",
]
