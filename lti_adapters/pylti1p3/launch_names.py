"""Names that programs also took from `message_launch`, where the old package made use of them."""

from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService, TAssignmentsGradersData
from lti_adapters.pylti1p3.course_groups import CourseGroupsService, TGroupsServiceData
from lti_adapters.pylti1p3.deep_link import DeepLink, TDeepLinkData
from lti_adapters.pylti1p3.launch_data_storage.base import DisableSessionId
from lti_adapters.pylti1p3.launch_words import (
    TContextClaim,
    TForUserClaim,
    TJwtHeader,
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

__all__ = [
    "REQUESTS_USER_AGENT",
    "Action",
    "AssignmentsGradesService",
    "CourseGroupsService",
    "DeepLink",
    "DeepLinkMessageValidator",
    "DesignerRole",
    "DisableSessionId",
    "NamesRolesProvisioningService",
    "ObserverRole",
    "PrivacyLaunchValidator",
    "ResourceMessageValidator",
    "ServiceConnector",
    "StaffRole",
    "StudentRole",
    "SubmissionReviewLaunchValidator",
    "TAssignmentsGradersData",
    "TContextClaim",
    "TDeepLinkData",
    "TForUserClaim",
    "TGroupsServiceData",
    "TJwtHeader",
    "TLearningInformationServicesClaim",
    "TMigrationClaim",
    "TNamesAndRolesData",
    "TResourceLinkClaim",
    "TToolPlatformClaim",
    "TeacherRole",
    "TeachingAssistantRole",
    "TransientRole",
    "get_validators",
]
