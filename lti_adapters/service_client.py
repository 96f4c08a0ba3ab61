"""Runs any service command: `ServiceClient`, which programs import from here."""

from lti_adapters.services.client import ServiceClient

__all__ = ["ServiceClient"]
