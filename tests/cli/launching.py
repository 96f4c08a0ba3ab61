"""A launch between two programs that run somewhere."""

import re

from lti_adapters.simulator.clients import HttpClient, Page, sent_onward

HTML, JSON = "text/html", "application/json"
ADDRESS = re.compile(r"http://[\w.]+:\d+")


def launched(
    platform_url: str, tool_url: str, accept: str = JSON, *, person: str = "learner", activity: str = "quiz-1"
) -> Page:
    """A launch, as a browser makes it: between two programs that meet over HTTP only."""
    platform, tool = HttpClient(platform_url), HttpClient(tool_url)
    chosen = (("person", person), ("activity", activity), ("how", "frame"))
    page = platform.send("POST", f"{platform_url}/launch", chosen, HTML)
    login = sent_onward(page, f"{tool_url}/lti/login")
    assert login is not None
    page = tool.send("POST", f"{tool_url}/lti/login", login, HTML)
    asked = sent_onward(page, f"{platform_url}/auth")
    assert asked is not None
    page = platform.send("GET", f"{platform_url}/auth", asked, HTML)
    answer = sent_onward(page, f"{tool_url}/lti/launch")
    assert answer is not None
    return tool.send("POST", f"{tool_url}/lti/launch", answer, accept)
