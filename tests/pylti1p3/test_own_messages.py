"""Messages of a type that the package does not have: a program brings their validator, and asks it itself."""

from typing import Any, Self

import pytest

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.message_validators import get_validators
from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_core import claims as c
from tests.good import CLAIMS
from tests.pylti1p3.tool import Tool

NEWS = "LtiNewsRequest"


class NewsValidator(MessageValidatorAbstract):
    def can_validate(self, jwt_body: dict[str, Any]) -> bool:
        return jwt_body.get(c.MESSAGE_TYPE) == NEWS

    def validate(self, jwt_body: dict[str, Any]) -> bool:
        self.run_common_validators(jwt_body)
        if not jwt_body.get("news"):
            raise LtiException("There must be news")
        return True


class Informed(FlaskMessageLaunch):
    def validate_message(self) -> Self:
        body = self._get_jwt_body()
        for validator in [*get_validators(), NewsValidator()]:
            if validator.can_validate(body):
                validator.validate(body)
        return self


def test_a_program_may_bring_a_validator_of_its_own() -> None:
    tool = Tool(Informed)
    assert tool.launched(**{c.MESSAGE_TYPE: NEWS, "news": "rain"})["used"]["news"] == "rain"
    assert tool.launched(**{c.MESSAGE_TYPE: NEWS}) == {"refused": "There must be news"}
    assert "used" in tool.launched()


def test_its_common_rules_are_those_of_every_message() -> None:
    body = {**CLAIMS, c.MESSAGE_TYPE: NEWS}
    NewsValidator().run_common_validators(body)
    for claim, text in ((c.VERSION, "Incorrect version"), (c.ROLES, "Missing Roles Claim")):
        with pytest.raises(LtiException, match=text):
            NewsValidator().run_common_validators({name: body[name] for name in body if name != claim})
