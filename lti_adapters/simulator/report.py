"""What the platform's page tells of a request that went to the tool."""

import json
from base64 import urlsafe_b64decode

from lti_adapters.simulator.draft import Answer
from lti_adapters.simulator.variation import Login, Variation

LONGEST = 20_000


def of_login(url: str, login: Login, variation: Variation | None) -> dict[str, object]:
    """A login initiation; it also says what is wrong with the launch, and what a good tool makes of it."""
    wrong = variation and {
        "title": variation.title,
        "description": variation.description,
        "code": variation.expected_code,
    }
    return {"step": "login", "broken": wrong, "to": url, "parts": [["Login initiation", readable(dict(login))]]}


def of_answer(answer: Answer) -> dict[str, object]:
    """An authentication response: its form, and the token in it, opened."""
    fields = dict(answer.fields)
    parts = [["Form", readable({name: _cut(value, 200) for name, value in fields.items()})]]
    if "id_token" in fields:
        header, claims, *_ = (*fields["id_token"].split("."), "", "")
        parts += [["Header of the token", opened(header)], ["Claims of the token", opened(claims)]]
    return {"step": "launch", "to": f"{answer.method} {answer.action}", "times": 1 + len(answer.before), "parts": parts}


def opened(part: str) -> str:
    """A part of a token as readable JSON; as it is where that is not JSON, or too deep."""
    text = urlsafe_b64decode(part + "==").decode(errors="replace")
    try:
        return readable(json.loads(text))
    except (ValueError, RecursionError):
        return _cut(text, LONGEST)


def readable(value: object) -> str:
    """Indented JSON, cut where nobody would read on."""
    return _cut(json.dumps(value, indent=2, ensure_ascii=False), LONGEST)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} … ({len(text)} characters)"
