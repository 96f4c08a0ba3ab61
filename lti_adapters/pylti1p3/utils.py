"""What programs took from here."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def add_param_to_url(url: str, param_name: str, param_value: str) -> str:
    """`url` with one parameter of its query added, or replaced."""
    parts = urlsplit(url)
    others = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != param_name]
    query = urlencode([*others, (param_name, param_value)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
