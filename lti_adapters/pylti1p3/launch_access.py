"""What a launch can be asked once it is verified: its kind, its services, the roles of its user."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService
from lti_adapters.pylti1p3.course_groups import CourseGroupsService
from lti_adapters.pylti1p3.deep_link import DeepLink
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.launch_words import TForUserClaim
from lti_adapters.pylti1p3.message_validators.privacy_launch import NAMES as NAMES_OF_DATA_PRIVACY
from lti_adapters.pylti1p3.names_roles import NamesRolesProvisioningService
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.roles import (
    DesignerRole,
    ObserverRole,
    StaffRole,
    StudentRole,
    TeacherRole,
    TeachingAssistantRole,
    TransientRole,
)
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from lti_core import claims as c


class LaunchAccess:
    """Every question validates the launch first, where that was not done yet."""

    _registration: Registration | None
    _requests_session: Any

    @abstractmethod
    def _claims(self) -> dict[str, Any]:
        """The claims, once they are verified."""
        raise NotImplementedError

    @abstractmethod
    def _get_deployment_id(self) -> str:
        """The deployment that the launch comes from."""
        raise NotImplementedError

    def _known_registration(self) -> Registration:
        if self._registration is None:
            raise LtiException("Registration not found.")
        return self._registration

    def is_resource_launch(self) -> bool:
        """Whether a link was opened."""
        return bool(self._claims().get(c.MESSAGE_TYPE) == "LtiResourceLinkRequest")

    def is_deep_link_launch(self) -> bool:
        """Whether content is to be picked."""
        return bool(self._claims().get(c.MESSAGE_TYPE) == "LtiDeepLinkingRequest")

    def is_data_privacy_launch(self) -> bool:
        """Whether somebody asks for what the tool keeps of a person."""
        return self._claims().get(c.MESSAGE_TYPE) in NAMES_OF_DATA_PRIVACY

    def is_submission_review_launch(self) -> bool:
        """Whether somebody looks at the work behind a grade."""
        return bool(self._claims().get(c.MESSAGE_TYPE) == "LtiSubmissionReviewRequest")

    def get_data_privacy_launch_user(self) -> TForUserClaim | None:
        """Whose data is meant."""
        return self._claims().get(c.FOR_USER)

    def get_submission_review_user(self) -> TForUserClaim | None:
        """Whose work is meant."""
        return self._claims().get(c.FOR_USER)

    def has_ags(self) -> bool:
        """Whether the launch offers the gradebook."""
        return bool(self._service(c.AGS_ENDPOINT))

    def has_nrps(self) -> bool:
        """Whether the launch offers the class list."""
        return bool(self._service(c.NRPS).get("context_memberships_url"))

    def has_cgs(self) -> bool:
        """Whether the launch offers groups."""
        return bool(self._service(c.GROUPS).get("context_groups_url"))

    def get_ags(self) -> AssignmentsGradesService:
        """The gradebook.

        Raises:
            LtiException: it is not offered.
        """
        found = self._demanded(c.AGS_ENDPOINT, "endpoint is not set in jwt body")
        link, context = self._service(c.RESOURCE_LINK), self._service(c.CONTEXT)
        label = link.get("title") or context.get("title") or context.get("label")
        service = AssignmentsGradesService(self.get_service_connector(), found)
        return service.for_link(link.get("id"), label if isinstance(label, str) else None)

    def get_nrps(self) -> NamesRolesProvisioningService:
        """The class list.

        Raises:
            LtiException: it is not offered.
        """
        found = self._demanded(c.NRPS, "namesroleservice is not set in jwt body")
        return NamesRolesProvisioningService(self.get_service_connector(), found)

    def get_cgs(self) -> CourseGroupsService:
        """The groups.

        Raises:
            LtiException: they are not offered.
        """
        found = self._demanded(c.GROUPS, "groupsservice is not set in jwt body")
        if not found.get("context_groups_url"):
            raise LtiException("context_groups_url is not set in groupsservice section")
        return CourseGroupsService(self.get_service_connector(), found)

    def get_deep_link(self) -> DeepLink:
        """What answers a request for content.

        Raises:
            LtiException: content is not asked for.
        """
        settings = self._demanded(c.DEEP_LINKING_SETTINGS, "deep_linking_settings is not set in jwt body")
        return DeepLink(self._known_registration(), self._get_deployment_id(), settings)

    def get_service_connector(self) -> ServiceConnector:
        """What sends requests to the platform's services."""
        self._claims()
        return ServiceConnector(self._known_registration(), self._requests_session)

    def check_staff_access(self) -> bool:
        """Whether the user works for the institution, or runs the platform."""
        return StaffRole(self._claims()).check()

    def check_student_access(self) -> bool:
        """Whether the user learns."""
        return StudentRole(self._claims()).check()

    def check_teacher_access(self) -> bool:
        """Whether the user teaches or administers the course."""
        return TeacherRole(self._claims()).check()

    def check_teaching_assistant_access(self) -> bool:
        """Whether the user assists the teachers."""
        return TeachingAssistantRole(self._claims()).check()

    def check_designer_access(self) -> bool:
        """Whether the user makes the content."""
        return DesignerRole(self._claims()).check()

    def check_observer_access(self) -> bool:
        """Whether the user watches over learners."""
        return ObserverRole(self._claims()).check()

    def check_transient(self) -> bool:
        """Whether the user is a test user."""
        return TransientRole(self._claims()).check()

    def _service(self, claim: str) -> Mapping[str, Any]:
        found = self._claims().get(claim)
        return found if isinstance(found, dict) else {}

    def _demanded(self, claim: str, otherwise: str) -> dict[str, Any]:
        found = self._service(claim)
        if not found:
            raise LtiException(otherwise)
        return dict(found)
