"""DjangoSessionService: the session in Django's terms."""

from django.contrib.sessions.backends.signed_cookies import SessionStore

from lti_adapters.pylti1p3.launch_data_storage.session import MOST, MOST_IN_COOKIE
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.session import SessionService


class DjangoSessionService(SessionService):
    """Over Django's session, until it is given another storage."""

    def _most_kept(self, request: Request) -> int:
        session = getattr(request, "session", None)  # without Django's middleware there is none, nor need there be
        return MOST_IN_COOKIE if isinstance(session, SessionStore) else MOST
