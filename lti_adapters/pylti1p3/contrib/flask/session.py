"""FlaskSessionService: the session in Flask's terms."""

from flask.sessions import SecureCookieSession

from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.launch_data_storage.session import SessionDataStorage
from lti_adapters.pylti1p3.session import SessionService

MOST_IN_COOKIE = 2  # browsers take cookies of about 4,000 characters


class FlaskSessionService(SessionService):
    """Over Flask's session, until it is given another storage."""

    def __init__(self, request: FlaskRequest) -> None:
        super().__init__(request)
        if isinstance(self.data_storage, SessionDataStorage) and isinstance(request.session, SecureCookieSession):
            self.data_storage.most = MOST_IN_COOKIE
