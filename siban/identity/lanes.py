"""Fast lanes: pages that are open all day long are answered at the door of the web server, before a request is unfolded.

What Django's chain would do for them is done here: the living connection, who asks and in which role, the security
headers. They use no session, no form token and no message. Whatever a lane does not answer, for whatever reason, goes
the whole way, which says it properly.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from siban.kernel.actor import ANONYMOUS
from siban.kernel.web import alive
from siban.kernel.web.security import ALWAYS, UNCACHED

from .gate import STAFF_LANES, VISITOR_LANES, Answer, Asked
from .middleware import trusted

log = logging.getLogger(__name__)
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ON_EVERY_ANSWER = tuple(ALWAYS.items())
MESSAGES = "messages"  # the cookie of a message that waits to be shown


class Lanes:
    """The application of the web server: lanes first, then Django."""

    def __init__(self, django: Wsgi) -> None:
        self.django = django

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            answer = answered(environ)
        except Exception:  # the whole way meets the same fault and has a sentence for it
            log.info("a fast lane did not get through at %s", environ.get("PATH_INFO"), exc_info=True)
            answer = None
        if answer is None:
            return self.django(environ, start_response)
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            *answer.headers,
            *ON_EVERY_ANSWER,
        ]
        if not any(name == "Cache-Control" for name, _ in answer.headers):
            headers.append(("Cache-Control", UNCACHED))
        start_response("200 OK", headers)
        return [answer.body]


def answered(environ: dict[str, Any]) -> Answer | None:
    """The answer of the lane for a request, if there is one and who asks may have it."""
    path = environ["PATH_INFO"]
    staff = STAFF_LANES.get(path)
    visitors = VISITOR_LANES.get(path[1 : path.find("/", 1)]) if staff is None else None
    if (staff is None and visitors is None) or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    session = cookies.get(settings.SESSION_COOKIE_NAME)
    if visitors is not None:
        if session is not None or MESSAGES in cookies:
            return None
        view, asked = visitors, Asked(path, cookies, ANONYMOUS, environ)
    else:
        assert staff is not None
        actor = trusted(session or "")
        if actor is None or not actor.is_staff or actor.role not in staff[1]:
            return None
        view, asked = staff[0], Asked(path, cookies, actor, environ)
    alive.check()
    answer = view(asked)
    alive.served()
    return answer
