"""LTI for Starlette: `Lti(app, config="tool.json")` adds the login, launch and key set addresses to an application.

FastAPI's applications are Starlette's: `lti_adapters.starlette.fastapi` has what they need beside that.
"""

from lti_adapters.starlette.access import current_launch, current_launch_id, launch_url_for, role_required
from lti_adapters.starlette.extension import Lti

__all__ = ["Lti", "current_launch", "current_launch_id", "launch_url_for", "role_required"]
