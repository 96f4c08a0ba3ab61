"""This library's services, and the floor below them. Run as a side, with a workload file."""

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from dependency_injector.providers import Object
from urllib3 import HTTPConnectionPool

from benchmarks.lms import CLIENT_ID, DEPLOYMENT_ID, ISSUER, Platform
from benchmarks.service_platform import COURSE_ID, PAGE, TOKEN
from benchmarks.side import cpu_of_each, serve
from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.tool import Tool
from lti_core.claims import Endpoint, NamesRoleService
from lti_core.scopes import SCORE
from lti_core.services.grant import ServiceGrant
from lti_core.services.scores import PublishScore, Score


class Services:
    """What a tool does at the services of the platform at `origin`."""

    def __init__(self, platform: Platform, tool_pem_file: str, origin: str, count: int) -> None:
        document = platform.registrations(tool_pem_file, token_url=origin + "/token")
        self._settings = read_settings({"registrations": {"document": document}})
        self._origin, self._count = origin, count
        self._tool = self._new_tool()

    def _new_tool(self) -> Tool:
        tool: Tool = LtiContainer(settings=Object(self._settings)).tool()
        return tool

    def _grant(self, course: int | None = None, pages: int = 1) -> ServiceGrant:
        """What a launch from a course brings; its class list has so many pages."""
        return ServiceGrant(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            deployment_id=DEPLOYMENT_ID,
            context_id=COURSE_ID if course is None else f"course-{course}",
            resource_link_id="link-1",
            platform="canvas",
            endpoint=Endpoint(scopes=(SCORE,), line_item=f"{self._origin}/items/1"),
            names_role_service=NamesRoleService(context_memberships_url=f"{self._origin}/members?pages={pages}"),
        )

    def score(self) -> float:
        """CPU seconds of one score, sent by a client that has its token and a connection."""
        grant = self._grant()

        def submit(number: int) -> None:
            self._tool.grades(grant).submit(Score(user_id=f"u-{number}", given=8, maximum=10))

        submit(0)
        return cpu_of_each(submit, range(self._count))

    def score_floor(self) -> float:
        """CPU seconds of the least that it can be: the same request over a connection that is there."""
        score = Score(user_id="u-1", given=8, maximum=10, timestamp=datetime(2026, 11, 1, 8, 0, 0, 123000, UTC))
        request = PublishScore(f"{self._origin}/items/1", score).to_request()
        address = urlsplit(request.url)
        headers = {**request.headers, "Authorization": f"Bearer {TOKEN['access_token']}"}
        with HTTPConnectionPool(address.hostname or "", address.port) as pool:

            def post(_: int) -> None:
                assert pool.urlopen("POST", address.path, request.body, headers).status == 200

            post(0)
            return cpu_of_each(post, range(self._count))

    def members(self, pages: int) -> float:
        """CPU seconds of a whole class list, page by page."""
        grant = self._grant(pages=pages)

        def read(_: int) -> None:
            found = sum(bool(member.user_id and member.name) for member in self._tool.class_list(grant).members())
            assert found == pages * PAGE

        return cpu_of_each(read, range(1))

    def launches(self, count: int) -> int:
        """A score by a tool that just started, in each of so many launches."""
        tool = self._new_tool()
        for course in range(count):
            tool.grades(self._grant(course)).submit(Score(user_id="u-1", given=8, maximum=10))
        return count


def _peak() -> int:
    """KiB of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    platform, origin = Platform(workload["platform_pem"]), workload["services"]
    services = Services(platform, workload["tool_pem_file"], origin, workload["scores"])

    def memory() -> dict[str, int]:
        services.members(100)
        few = _peak()
        services.members(workload["many_members"] // PAGE)
        return {"members": workload["many_members"], "few": few, "many": _peak()}

    serve(
        {
            "score": services.score,
            "score floor": services.score_floor,
            "members": lambda: services.members(100),
            "memory": memory,
            "launches": lambda: services.launches(50),
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
