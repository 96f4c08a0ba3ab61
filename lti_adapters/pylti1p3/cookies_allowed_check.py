"""CookiesAllowedCheckPage: finds out whether the browser keeps a cookie of the tool, and goes on if so."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

NEW_WINDOW = "lti1p3_new_window"
_STYLE = """
body { font-family: sans-serif; font-size: 16px; margin: 2em; }
#lti1p3-warning-msg { display: none; }
"""
_SCRIPT = """
(function () {
  "use strict";
  var data = document.getElementById("lti1p3-login").dataset;
  var attributes = data.secure ? "; Path=/; Secure; SameSite=None; Partitioned" : "; Path=/";
  var keepsCookies = function () {
    try {
      document.cookie = "lti1p3_test_cookie=1; Max-Age=60" + attributes;
      var isKept = document.cookie.split("; ").indexOf("lti1p3_test_cookie=1") !== -1;
      document.cookie = "lti1p3_test_cookie=; Max-Age=0" + attributes;
      return isKept;
    } catch (error) {
      return false;
    }
  };
  var address = window.location.pathname + "?" + data.query;
  if (keepsCookies()) {
    window.location.replace(address);
    return;
  }
  document.getElementById("lti1p3-new-tab-link").href = address;
  document.getElementById("lti1p3-loading-msg").style.display = "none";
  document.getElementById("lti1p3-warning-msg").style.display = "block";
})();
"""


class CookiesAllowedCheckPage:
    """The page. All that it shows is escaped.

    Args:
        params: what the platform sent to the login address, which the page opens again with `lti1p3_new_window`.
        protocol: of the login address: "https" where browsers keep secure cookies of it, else "http".
    """

    def __init__(
        self,
        params: Mapping[str, Any],
        protocol: str,
        main_text: str,
        click_text: str,
        loading_text: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self._params = params
        self._protocol = protocol
        self._main_text = main_text
        self._click_text = click_text
        self._loading_text = loading_text

    def get_css_block(self) -> str:
        """The style sheet."""
        return _STYLE

    def get_js_block(self) -> str:
        """The script. It is the same for all: what differs stands in the page."""
        return _SCRIPT

    def get_header_block(self) -> str:
        """What stands in the head of the page."""
        return f'<meta charset="utf-8"><style>{self.get_css_block()}</style>'

    def get_html(self) -> str:
        """The whole page."""
        query = escape(urlencode({**self._params, NEW_WINDOW: "1"}))
        secure = "1" if self._protocol == "https" else ""
        loading, main, click = map(escape, (self._loading_text, self._main_text, self._click_text))
        link = f'<a id="lti1p3-new-tab-link" target="_blank" rel="noopener">{click}</a>'
        return (
            f"<!doctype html><html><head>{self.get_header_block()}</head>"
            f'<body><div id="lti1p3-login" data-query="{query}" data-secure="{secure}">'
            f'<div id="lti1p3-loading-msg">{loading}</div>'
            f'<div id="lti1p3-warning-msg">{main} {link}'
            f"</div></div><script>{self.get_js_block()}</script></body></html>"
        )


def redirecting_page(url: str) -> str:
    """A page whose script goes on to `url`; by a link where scripts do not run."""
    text = json.dumps(url).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    link = f'<a href="{escape(url)}">{escape(url.partition("?")[0])}</a>'
    head = '<!doctype html><html><head><meta charset="utf-8"></head>'
    return f"{head}<body><noscript>{link}</noscript><script>window.location={text};</script></body></html>"
