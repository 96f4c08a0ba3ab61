"""MessageLaunch, and what programs also took from here, where the old package made use of it."""

from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService, TAssignmentsGradersData
from lti_adapters.pylti1p3.cookie import CookieService
from lti_adapters.pylti1p3.course_groups import CourseGroupsService, TGroupsServiceData
from lti_adapters.pylti1p3.deep_link import DeepLink, TDeepLinkData
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.launch import COOK, REQ, SES, TCONF, MessageLaunch
from lti_adapters.pylti1p3.launch_data_storage.base import DisableSessionId, LaunchDataStorage
from lti_adapters.pylti1p3.launch_words import (
    TContextClaim,
    TForUserClaim,
    TJwtData,
    TJwtHeader,
    TLaunchData,
    TLearningInformationServicesClaim,
    TMigrationClaim,
    TResourceLinkClaim,
    TToolPlatformClaim,
)
from lti_adapters.pylti1p3.message_validators import (
    DeepLinkMessageValidator,
    PrivacyLaunchValidator,
    ResourceMessageValidator,
    SubmissionReviewLaunchValidator,
    get_validators,
)
from lti_adapters.pylti1p3.names_roles import NamesRolesProvisioningService, TNamesAndRolesData
from lti_adapters.pylti1p3.registration import Registration, TKeySet
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.roles import (
    DesignerRole,
    ObserverRole,
    StaffRole,
    StudentRole,
    TeacherRole,
    TeachingAssistantRole,
    TransientRole,
)
from lti_adapters.pylti1p3.service_connector import REQUESTS_USER_AGENT, ServiceConnector
from lti_adapters.pylti1p3.session import SessionService
from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract

__all__ = [
    "COOK",
    "REQ",
    "REQUESTS_USER_AGENT",
    "SES",
    "TCONF",
    "Action",
    "AssignmentsGradesService",
    "CookieService",
    "CourseGroupsService",
    "DeepLink",
    "DeepLinkMessageValidator",
    "DesignerRole",
    "DisableSessionId",
    "LaunchDataStorage",
    "LtiException",
    "MessageLaunch",
    "NamesRolesProvisioningService",
    "ObserverRole",
    "PrivacyLaunchValidator",
    "Registration",
    "Request",
    "ResourceMessageValidator",
    "ServiceConnector",
    "SessionService",
    "StaffRole",
    "StudentRole",
    "SubmissionReviewLaunchValidator",
    "TAssignmentsGradersData",
    "TContextClaim",
    "TDeepLinkData",
    "TForUserClaim",
    "TGroupsServiceData",
    "TJwtData",
    "TJwtHeader",
    "TKeySet",
    "TLaunchData",
    "TLearningInformationServicesClaim",
    "TMigrationClaim",
    "TNamesAndRolesData",
    "TResourceLinkClaim",
    "TToolPlatformClaim",
    "TeacherRole",
    "TeachingAssistantRole",
    "ToolConfAbstract",
    "TransientRole",
    "get_validators",
]
