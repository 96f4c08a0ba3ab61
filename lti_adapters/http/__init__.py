"""The Http port on urllib3: requests to platforms that are bounded in time, in size, and in where they may go."""

from lti_adapters.http.client import Urllib3Http

__all__ = ["Urllib3Http"]
