"""The kinds of messages, and what each must bring."""

from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_adapters.pylti1p3.message_validators.deep_link import DeepLinkMessageValidator
from lti_adapters.pylti1p3.message_validators.privacy_launch import PrivacyLaunchValidator
from lti_adapters.pylti1p3.message_validators.resource_message import ResourceMessageValidator
from lti_adapters.pylti1p3.message_validators.submission_review import SubmissionReviewLaunchValidator

__all__ = [
    "DeepLinkMessageValidator",
    "PrivacyLaunchValidator",
    "ResourceMessageValidator",
    "SubmissionReviewLaunchValidator",
    "get_validators",
]


def get_validators() -> list[MessageValidatorAbstract]:
    """One of each."""
    return list(_ALL)


_ALL = (
    DeepLinkMessageValidator(),
    ResourceMessageValidator(),
    PrivacyLaunchValidator(),
    SubmissionReviewLaunchValidator(),
)
