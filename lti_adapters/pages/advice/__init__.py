"""What to do about a refusal: one sentence or two for the person who sees it, and one or two for the administrator.

In English; `lti_adapters.pages.german` has the same modules.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lti_adapters.pages.advice.advice import Advice
from lti_adapters.pages.advice.claims import CLAIMS
from lti_adapters.pages.advice.kinds import KINDS, OUTCOMES
from lti_adapters.pages.advice.later import LATER_REQUESTS
from lti_adapters.pages.advice.launch import LAUNCH
from lti_adapters.pages.advice.login import LOGIN
from lti_adapters.pages.advice.platform import PLATFORM_ERRORS
from lti_adapters.pages.advice.token import TOKEN

__all__ = ["ADVICE", "KINDS", "OUTCOMES", "PLATFORM_ERRORS", "Advice"]

ADVICE: Mapping[str, Advice] = MappingProxyType({**LOGIN, **LAUNCH, **TOKEN, **CLAIMS, **LATER_REQUESTS})
"""By error code."""
