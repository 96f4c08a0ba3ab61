"""Parameters of a form or a query, as strangers send them."""

from collections.abc import Iterable, Mapping

from lti_core.errors import LtiError

Pairs = Iterable[tuple[str, str]]


def single(pairs: Pairs, names: frozenset[str], kind: type[LtiError], step: str, longest: int) -> Mapping[str, str]:
    """The parameters called `names`; others are ignored. `step` ("login", "launch") begins the error codes.

    Raises:
        LtiError: of `kind`, `<step>.parameter_repeated`, `<step>.parameter_too_long`, `<step>.parameter_malformed`
            (half a character).
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in names:
            continue
        if name in found:
            raise kind(f"{step}.parameter_repeated", f"The parameter {name} was sent twice.", found=name)
        if len(value) > longest:
            message = f"The parameter {name} is too long."
            raise kind(f"{step}.parameter_too_long", message, expected=longest, found=len(value))
        if not value.isascii() and value.encode(errors="replace").decode() != value:
            raise kind(f"{step}.parameter_malformed", f"The parameter {name} is not whole characters.", found=name)
        found[name] = value
    return found
