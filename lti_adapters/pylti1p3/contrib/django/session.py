"""DjangoSessionService: the session in Django's terms."""

from lti_adapters.pylti1p3.session import SessionService


class DjangoSessionService(SessionService):
    """Over Django's session, until it is given another storage."""
