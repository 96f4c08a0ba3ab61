"""Sample content that the reference tool offers where a platform asks for some."""

from collections.abc import Iterable

from attrs import frozen

from lti_core.deep_linking import ContentItem, HtmlFragment, Link, LtiResourceLink, NewLineItem
from lti_core.errors import InvalidValue
from lti_core.messages.deep_linking import DeepLinkingRequest


@frozen
class Sample:
    """Something to pick. `name` is what the form sends."""

    name: str
    title: str
    about: str
    item: ContentItem


SAMPLES = (
    Sample(
        "quiz",
        "Sample quiz",
        "A link to this tool, with a column of 10 points in the gradebook.",
        LtiResourceLink(
            title="Sample quiz",
            text="Opens the reference tool.",
            custom={"sample": "quiz"},
            line_item=NewLineItem(score_maximum=10, label="Sample quiz", tag="sample-quiz"),
        ),
    ),
    Sample(
        "reading",
        "Sample reading",
        "A link to this tool, without a grade.",
        LtiResourceLink(title="Sample reading", text="Opens the reference tool.", custom={"sample": "reading"}),
    ),
    Sample(
        "specification",
        "The LTI specification",
        "A link to a web page.",
        Link(title="The LTI specification", url="https://www.imsglobal.org/spec/lti/v1p3/"),
    ),
    Sample(
        "note",
        "A note",
        "A piece of HTML.",
        HtmlFragment(title="A note", html="<p>This note came from the reference tool.</p>"),
    ),
)


def offered_to(request: DeepLinkingRequest) -> tuple[Sample, ...]:
    """The samples that the platform takes."""
    return tuple(sample for sample in SAMPLES if sample.item.type in request.deep_linking_settings.accept_types)


def picked(names: Iterable[str]) -> tuple[ContentItem, ...]:
    """The items of those names.

    Raises:
        InvalidValue: `tool.body_malformed`.
    """
    known = {sample.name: sample.item for sample in SAMPLES}
    chosen = tuple(names)
    for name in chosen:
        if name not in known:
            raise InvalidValue("tool.body_malformed", "There is no such sample.", expected=", ".join(known), found=name)
    return tuple(known[name] for name in chosen)
