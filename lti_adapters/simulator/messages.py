"""What the platform says with a launch: messages as immutable values, honest until somebody changes them."""

from collections.abc import Callable, Mapping
from typing import Self
from urllib.parse import quote

from attrs import evolve, frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.offered import Offer
from lti_adapters.simulator.people import Person
from lti_core import claims as c

Claims = Mapping[str, object]


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
    """Who makes the messages: the platform, the deployment of the tool that they come from, and what it may do."""

    issuer: str
    deployment_id: str
    launch_url: str
    offer: Offer
    random: Callable[[int], bytes]

    def resource_link(self, user: Person, course: Course, activity: Activity) -> Message:
        """`user` opens `activity` (LTI 1.3 §5.2.2)."""
        target = activity.target_link_uri or self.launch_url
        return self._message("LtiResourceLinkRequest", user, course, target).having(
            {
                c.RESOURCE_LINK: _resource_link(activity),
                c.CUSTOM: dict(activity.custom),
                **self.offer.claims(course, activity if activity.graded else None),
            }
        )

    def deep_linking(self, user: Person, course: Course) -> Message:
        """`user` picks content of the tool for `course` (Deep Linking 2.0 §4.4)."""
        profile = self.offer.profile
        settings = {
            "deep_link_return_url": self._return_url(course),
            "accept_types": list(profile.accept_types),
            "accept_presentation_document_targets": list(profile.accept_targets),
            "accept_media_types": "image/*,text/html",
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": False,
            "title": "",
            "text": "",
        }
        if profile.data is not None:
            settings["data"] = profile.data
        message = self._message("LtiDeepLinkingRequest", user, course, self.launch_url)
        return message.having({c.DEEP_LINKING_SETTINGS: settings, **self.offer.claims(course)})

    def submission_review(self, user: Person, course: Course, activity: Activity, of: Person) -> Message:
        """`user` looks at the work of another person behind a grade (Submission Review 1.0)."""
        message = self.resource_link(user, course, activity)
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
                **self.offer.claims(course, activity),
                c.FOR_USER: {name: value for name, value in person.items() if value is not None},
            }
        )

    def _return_url(self, course: Course) -> str:
        """Where the answer goes; another address for each request, by which it is found again."""
        return f"{self.issuer}/deep-links?course={quote(course.id, safe='')}&request={self.random(8).hex()}"

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
            "product_family_code": self.offer.profile.family,
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


def _resource_link(activity: Activity) -> Claims:
    return {"id": activity.id, "title": activity.title, "description": activity.description}


def _lis(user: Person, course: Course) -> Claims:
    lis = {"person_sourcedid": user.sourced_id, "course_section_sourcedid": course.sourced_id}
    return {name: value for name, value in lis.items() if value is not None}
