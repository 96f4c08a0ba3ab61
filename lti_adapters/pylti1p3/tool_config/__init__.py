"""Where registrations come from."""

from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract
from lti_adapters.pylti1p3.tool_config.dict import ToolConfDict
from lti_adapters.pylti1p3.tool_config.json_file import ToolConfJsonFile

__all__ = ["ToolConfAbstract", "ToolConfDict", "ToolConfJsonFile"]
