"""What the platform says with a launch: messages as immutable values, honest until somebody changes them."""

from collections.abc import Mapping
from typing import Self

from attrs import evolve, frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.people import Person
from lti_core import claims as c

Claims = Mapping[str, object]

_AGS_SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
)


@frozen(kw_only=True)
class Message:
    """One message to the tool. `claims` lacks only what is made for each token: iss, aud, iat, exp and nonce."""

    user: Person
    target_link_uri: str
    claims: Claims

    def having(self, changes: Claims) -> Self:
        """This message with some claims changed or added."""
        return evolve(self, claims={**self.claims, **changes})

    def lacking(self, *names: str) -> Self:
        """This message without those claims."""
        return evolve(self, claims=without(self.claims, *names))


def without(claims: Claims, *names: str) -> Claims:
    """`claims` but for those of that name."""
    return {name: value for name, value in claims.items() if name not in names}


@frozen(kw_only=True)
class Speaker:
    """Who makes the messages: the platform, and the deployment of the tool that they come from."""

    issuer: str
    deployment_id: str
    launch_url: str

    def resource_link(self, user: Person, course: Course, activity: Activity) -> Message:
        """`user` opens `activity` (LTI 1.3 §5.2.2)."""
        target = activity.target_link_uri or self.launch_url
        return self._message("LtiResourceLinkRequest", user, course, target).having(
            {
                c.RESOURCE_LINK: _resource_link(activity),
                c.CUSTOM: dict(activity.custom),
                c.AGS_ENDPOINT: self._grades(course, activity),
            }
        )

    def deep_linking(self, user: Person, course: Course) -> Message:
        """`user` picks content of the tool for `course` (Deep Linking 2.0 §4.4)."""
        return self._message("LtiDeepLinkingRequest", user, course, self.launch_url).having(
            {
                c.DEEP_LINKING_SETTINGS: {
                    "deep_link_return_url": f"{self.issuer}/deep-links?course={course.id}",
                    "accept_types": ["link", "ltiResourceLink", "file", "html", "image"],
                    "accept_presentation_document_targets": ["iframe", "window"],
                    "accept_media_types": "image/*,text/html",
                    "accept_multiple": True,
                    "accept_lineitem": True,
                    "auto_create": False,
                    "title": "",
                    "text": "",
                    "data": "csrf-4821",
                },
                c.AGS_ENDPOINT: self._grades(course, None),
            }
        )

    def submission_review(self, user: Person, course: Course, activity: Activity, of: Person) -> Message:
        """`user` looks at the work of another person behind a grade (Submission Review 1.0)."""
        message = self.resource_link(user, course, activity)
        grades = self._grades(course, activity) | {"lineitem": self._line_item(course, activity)}
        person = {
            "user_id": of.id,
            "person_sourcedid": of.sourced_id,
            "name": of.name,
            "given_name": of.given_name,
            "family_name": of.family_name,
            "email": of.email,
            "roles": list(of.roles),
        }
        return message.having(
            {
                c.MESSAGE_TYPE: "LtiSubmissionReviewRequest",
                c.AGS_ENDPOINT: grades,
                c.FOR_USER: {name: value for name, value in person.items() if value is not None},
            }
        )

    def _message(self, kind: str, user: Person, course: Course, target: str) -> Message:
        claims = {
            **user.identity,
            c.MESSAGE_TYPE: kind,
            c.VERSION: c.LTI_VERSION,
            c.DEPLOYMENT_ID: self.deployment_id,
            c.TARGET_LINK_URI: target,
            c.ROLES: list(user.roles),
            c.CONTEXT: {"id": course.id, "label": course.label, "title": course.title, "type": [course.kind]},
            c.TOOL_PLATFORM: self._platform(),
            c.LAUNCH_PRESENTATION: self._presentation(user, course),
            c.LIS: _lis(user, course),
            c.NRPS: {
                "context_memberships_url": f"{self.issuer}/courses/{course.id}/members",
                "service_versions": ["2.0"],
            },
        }
        if user.mentees:
            claims[c.ROLE_SCOPE_MENTOR] = list(user.mentees)
        return Message(user=user, target_link_uri=target, claims=claims)

    def _platform(self) -> Claims:
        return {
            "guid": "simulated-platform",
            "name": "Simulated platform",
            "description": "A platform for tests and demonstrations",
            "url": self.issuer,
            "contact_email": "support@platform.example",
            "product_family_code": "lti-advantage-tool-simulator",
            "version": "1",
        }

    def _presentation(self, user: Person, course: Course) -> Claims:
        return {
            "document_target": "iframe",
            "height": 640,
            "width": 960,
            "return_url": f"{self.issuer}/return?course={course.id}",
            "locale": user.locale or "en",
        }

    def _grades(self, course: Course, activity: Activity | None) -> dict[str, object]:
        grades: dict[str, object] = {
            "scope": list(_AGS_SCOPES),
            "lineitems": f"{self.issuer}/courses/{course.id}/lineitems",
        }
        if activity is not None and activity.graded:
            grades["lineitem"] = self._line_item(course, activity)
        return grades

    def _line_item(self, course: Course, activity: Activity) -> str:
        return f"{self.issuer}/courses/{course.id}/lineitems/{activity.id}"


def _resource_link(activity: Activity) -> Claims:
    return {"id": activity.id, "title": activity.title, "description": activity.description}


def _lis(user: Person, course: Course) -> Claims:
    lis = {"person_sourcedid": user.sourced_id, "course_section_sourcedid": course.sourced_id}
    return {name: value for name, value in lis.items() if value is not None}
