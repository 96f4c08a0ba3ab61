"""What the reference tool shows of a launch."""

import json
from html.parser import HTMLParser

from hypothesis import given, reject
from hypothesis import strategies as st

from lti_adapters.reference_tool.launched import about_page, launch_document, launched_page
from lti_adapters.reference_tool.tree import Node, tree_of
from lti_core import claims as c
from lti_core.errors import LaunchRefused
from tests.good import CLAIMS, DEEP_LINKING, MEMBERSHIP, REVIEW, launch, without

VENDOR = "https://vendor.example/claim"


class Read(HTMLParser):
    """The words, links and elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links, self.elements = [], [], set()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "srcset", "data")]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def text_of(claims: dict[str, object]) -> str:
    return Read(launched_page(launch(claims)).html).text


def test_the_page_says_who_opened_what_and_where() -> None:
    text = text_of({**CLAIMS})
    assert "Ada Lovelace opened Quiz 7 in Maths 1" in text
    for shown in ("ada@lms.example", "u-42", "c-3", "rl-7", "dep-1", "tool-1", "https://lms.example", "Example LMS"):
        assert shown in text


def test_each_role_is_explained() -> None:
    text = text_of({**CLAIMS, c.ROLES: [MEMBERSHIP + "Instructor", "https://vendor.example/dean", ""]})
    assert f"context role Instructor teacher {MEMBERSHIP}Instructor" in text
    assert "not a role of the LTI vocabularies https://vendor.example/dean" in text
    assert "no role" in text_of({**CLAIMS, c.ROLES: []})


def test_every_check_is_listed_with_its_section() -> None:
    made = launch()
    text = Read(launched_page(made).html).text
    assert f"{len(made.checks)} checks passed" in text
    assert made.checks
    for passed in made.checks:
        assert " ".join(f"{passed.sentence} {passed.spec}".split()) in text


def test_warnings_are_shown() -> None:
    text = text_of({**CLAIMS, c.ROLES: ["https://vendor.example/dean"]})
    assert "Accepted, with a warning" in text
    assert "launch.roles_unknown" in text


def test_every_claim_is_shown_with_its_full_name_and_all_below_it() -> None:
    vendor = {"a": [{"b": None}, True, 1.5, "", {}, []], "<i>": "</code><script>"}
    claims = {**CLAIMS, VENDOR: vendor}
    text = text_of(claims)
    for name in claims:
        assert name in text
    for shown in ("null", "true", "1.5", "(empty text)", "{}", "[]", "<i>", "</code><script>"):
        assert shown in text
    assert "2026-11-24 13:00:00 UTC" in text


def test_an_anonymous_launch_is_called_so() -> None:
    text = text_of(without(CLAIMS, "sub", "name", "given_name", "family_name", "email"))
    assert "Somebody, anonymously, opened Quiz 7" in text
    assert "An anonymous launch" in text


def test_a_nameless_person_is_somebody_and_parts_of_a_name_are_put_together() -> None:
    assert "Somebody opened" in text_of(without(CLAIMS, "name", "given_name", "family_name"))
    assert "Ada Lovelace opened" in text_of(without(CLAIMS, "name"))


def test_a_launch_without_a_course_names_none() -> None:
    assert "Course none named" in text_of(without(CLAIMS, c.CONTEXT, c.TOOL_PLATFORM, c.LAUNCH_PRESENTATION, c.CUSTOM))


def test_a_deep_linking_request_shows_what_the_platform_accepts() -> None:
    text = text_of({**DEEP_LINKING})
    assert "Ada Lovelace picks content in Maths 1" in text
    assert "Types ltiResourceLink link" in text
    assert "Several items yes" in text
    assert "Line items not said" in text
    assert "https://lms.example/picked?course=3" in text


def test_a_review_shows_both_people() -> None:
    text = text_of({**REVIEW})
    assert "Ada Lovelace looks at the work of Blaise Pascal in Maths 1" in text
    assert "Roles of that person context role Learner student" in text
    assert "Usual to see it yes" in text


def test_the_way_back_is_a_link_only_when_it_is_a_web_address() -> None:
    assert Read(launched_page(launch()).html).links == ["https://lms.example/back?c=3"]
    for url in ("javascript:alert(1)", "/back", ""):
        claims = {**CLAIMS, c.LAUNCH_PRESENTATION: {"return_url": url}}
        assert Read(launched_page(launch(claims)).html).links == []


def test_the_platform_may_frame_the_page_and_nobody_else() -> None:
    page = launched_page(launch(), framed_by=["https://sso.lms.example/auth", "javascript:x"])
    framing = page.headers["Content-Security-Policy"].rpartition("frame-ancestors ")[2]
    assert framing == "https://lms.example https://sso.lms.example"


def test_an_address_that_is_no_origin_does_not_break_the_page() -> None:
    claims = {**CLAIMS, c.LAUNCH_PRESENTATION: {"return_url": "https://a;b.example/; script-src *"}}
    policy = launched_page(launch(claims)).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://lms.example")


def test_a_program_reads_the_claims_as_they_were_sent() -> None:
    made = launch()
    document = json.loads(json.dumps(launch_document(made, "id-1")))
    assert document["launch_id"] == "id-1"
    assert document["message_type"] == "LtiResourceLinkRequest"
    assert document["claims"] == dict(made.claims)
    assert document["roles"] == [
        {"name": MEMBERSHIP + "Learner", "meaning": "context role Learner", "questions": ["student"]}
    ]
    assert {"code", "sentence", "spec"} == set(document["checks"][0])
    assert document["warnings"] == []


def test_warnings_are_told_to_programs() -> None:
    warnings = launch_document(launch({**CLAIMS, c.ROLES: ["x"]}), "id-1")["warnings"]
    assert [(set(warning), warning["code"]) for warning in warnings] == [
        ({"code", "message", "spec"}, "launch.roles_unknown")
    ]


def test_the_front_page_names_the_addresses_and_is_not_framed() -> None:
    page = about_page({"Key set address": "https://tool.example/lti/jwks"})
    assert "Key set address https://tool.example/lti/jwks" in Read(page.html).text
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
USUAL = (
    "html head meta title style body main header footer section h1 h2 h3 p a b i span bdi code div ul ol li dl dt dd"
)
ELEMENTS = {*USUAL.split(), "html", "head", "meta", "details", "summary"}


@given(st.dictionaries(st.text(), anything))
def test_whatever_a_platform_claims_is_text_on_the_page(extra: dict[str, object]) -> None:
    try:
        message = launch({**extra, **CLAIMS})
    except LaunchRefused:  # a claim of the specifications with a value that it cannot have
        reject()
    page = launched_page(message)
    page.html.encode()
    assert Read(page.html).elements <= ELEMENTS


def leaves(node: Node) -> int:
    return sum(map(leaves, node.members)) if node.members else 1


def size(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(size, inner)) or 1


@given(st.dictionaries(st.text(), anything))
def test_no_claim_is_left_out_of_the_tree(claims: dict[str, object]) -> None:
    groups = tree_of(claims)
    nodes = [node for group in groups for node in group.nodes]
    assert sorted(node.full_name or node.name for node in nodes) == sorted(claims)
    assert sum(map(leaves, nodes)) == sum(map(size, claims.values()))
