"""A tool in each framework, served over HTTP. A further framework is one module more, and one line in SITES."""

from collections.abc import Mapping

from tests.frameworks.sites.flask_site import FlaskSite
from tests.frameworks.sites.site import Site, Wanted

SITES: Mapping[str, Site] = {"flask": FlaskSite()}

__all__ = ["SITES", "Site", "Wanted"]
