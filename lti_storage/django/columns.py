"""What a refusal of a registration is about, in the names of the columns, for a form to show it beside its field."""

import re

from lti_core.errors import ConfigurationError

_RENAMED = {"login_url": "auth_login_url", "token_url": "auth_token_url"}
_FIELDS = {  # to which a refusal belongs; others name it
    "config.key_set_foreign": "key_set_url",
    "config.audience_shared": "auth_audience",
    "config.registration_twice": "client_id",
}
_NAMED = frozenset({*_RENAMED.values(), "key_set_url", "key_set", "deployment_ids", "deployments"})
_WORD = re.compile(r"\w+")


def placed(error: ConfigurationError) -> tuple[str, str | None]:
    """The sentence, with the names of the columns, and the column that it is about."""
    message = _WORD.sub(lambda word: _RENAMED.get(word[0], word[0]), error.message)
    named = next((word for word in _WORD.findall(message) if word in _NAMED), None)
    return message, _FIELDS.get(error.code, named)
