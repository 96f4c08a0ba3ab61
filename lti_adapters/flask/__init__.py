"""LTI for Flask: `Lti(app, config="tool.json")` adds the login, launch and key set addresses to an application."""

from lti_adapters.flask.access import current_launch, current_launch_id, launch_url_for, role_required
from lti_adapters.flask.extension import Lti

__all__ = ["Lti", "current_launch", "current_launch_id", "launch_url_for", "role_required"]
