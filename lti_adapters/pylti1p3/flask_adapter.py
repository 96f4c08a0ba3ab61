"""The Flask classes under the name that the old package's README has for them."""

from lti_adapters.pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskCookieService,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
    FlaskSessionService,
)

__all__ = [
    "FlaskCacheDataStorage",
    "FlaskCookieService",
    "FlaskMessageLaunch",
    "FlaskOIDCLogin",
    "FlaskRequest",
    "FlaskSessionService",
]
