"""FlaskSessionService: the session in Flask's terms."""

from flask.sessions import SecureCookieSession

from lti_adapters.pylti1p3.launch_data_storage.session import MOST, MOST_IN_COOKIE
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.session import SessionService


class FlaskSessionService(SessionService):
    """Over Flask's session, until it is given another storage."""

    def _most_kept(self, request: Request) -> int:
        session = getattr(request, "session", None)  # Flask's own request has none, and a storage may need none
        return MOST_IN_COOKIE if isinstance(session, SecureCookieSession) else MOST
