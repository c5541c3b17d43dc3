"""Puts the acting person on every request: one query for who is logged in, none for visitors."""

import dataclasses
import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from siban.kernel import clock
from siban.kernel.actor import ANONYMOUS, Actor
from siban.kernel.web import refusals

from . import actors
from .models import Account

HEALTH = "/healthz"
KEPT = "actor"
POST = "post"
ASSURANCE = "assurance"
UUIDS = ("account_id", "person_id", "org_id", "post_id")


def pack(actor: Actor, account: Account, day: str) -> dict[str, object]:
    """An actor as the session keeps it, with what tells that it is out of date."""
    said = {k: str(v) if isinstance(v, UUID) else v for k, v in dataclasses.asdict(actor).items()}
    return {"actor": said, "version": account.rights_version, "day": day}


def unpack(said: dict[str, object]) -> Actor:
    known = {k: UUID(str(v)) if k in UUIDS and v else v for k, v in said.items()}
    return Actor(**known)  # type: ignore[arg-type]


_trusted: dict[str, tuple[float, Actor]] = {}


def trusted(cookie: str) -> Actor | None:
    """Who this session was a moment ago, if this process has just looked."""
    seen = _trusted.get(cookie)
    return seen[1] if seen and seen[0] > time.monotonic() else None


def forget(request: HttpRequest) -> None:
    """Look again at the next request of this session: it logged in or out, or acts in another post."""
    _trusted.pop(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), None)


def has_first_password(request: HttpRequest) -> bool:
    """Whether this log-in still has the password that who opened the account knows; such a one is never trusted."""
    found: Account | None = getattr(request, "_account", None)  # not there: trusted a moment ago
    return found is not None and found.kind == Account.Kind.STAFF and found.password_changed_at is None


class ActorMiddleware:
    """`request.actor` for rules and pages, `request.account` (lazily) for what needs the account itself.

    The actor is kept in the session, and worked out again when the account's rights changed or a new day began. A
    process that has just looked trusts what it saw for `ACTOR_TRUSTED_SECONDS`: so long, at most, does a session that
    was ended or a post that was withdrawn still work in another process. That saves two statements a request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self.actor(request)  # type: ignore[attr-defined]
        request.account = SimpleLazyObject(lambda: account(request))  # type: ignore[attr-defined]
        request.user = request.account  # type: ignore[attr-defined]
        if has_first_password(request) and request.path.startswith("/desk/"):
            change = reverse("security-password")  # no other page of the desk opens before it is changed
            if request.path != change:
                return redirect(change)
        return self.get_response(request)

    def actor(self, request: HttpRequest) -> Actor:
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if cookie is None or request.path == HEALTH:  # health must answer when the database does not
            return ANONYMOUS
        if seen := trusted(cookie):
            return seen
        actor = self.looked_up(request)
        if not actor.is_anonymous and settings.ACTOR_TRUSTED_SECONDS and not has_first_password(request):
            if len(_trusted) > 10_000:
                _trusted.clear()
            _trusted[cookie] = (time.monotonic() + settings.ACTOR_TRUSTED_SECONDS, actor)
        return actor

    def looked_up(self, request: HttpRequest) -> Actor:
        """The actor as session and account have it now."""
        if SESSION_KEY not in request.session:
            if request.session.session_key is None:  # what the cookie names is not there: ended long ago, or made up
                refusals.note(request, refusals.Kind.TOKEN, "会话凭据不存在或者已过期")
            return ANONYMOUS
        found = (
            Account.objects.filter(pk=request.session[SESSION_KEY], is_active=True)
            .only("id", "name", "kind", "person_id", "rights_version", "password", "password_changed_at")
            .first()
        )
        if found is None or found.get_session_auth_hash() != request.session.get(HASH_SESSION_KEY):
            request.session.flush()
            return ANONYMOUS
        request._account = found  # type: ignore[attr-defined]
        day = clock.local_day(clock.now())
        kept = request.session.get(KEPT)
        if kept and kept["version"] == found.rights_version and kept["day"] == str(day):
            return unpack(kept["actor"])
        actor = fresh_actor(
            found, wanted=request.session.get(POST), assurance=request.session.get(ASSURANCE, 1), day=day
        )
        request.session[KEPT] = pack(actor, found, str(day))
        return actor


def fresh_actor(found: Account, *, wanted: str | None, assurance: int, day: object) -> Actor:
    """The actor as the tables have it now; a staff account without a post acts as nobody."""
    if found.kind == Account.Kind.CITIZEN:
        return actors.of_citizen(found, assurance=assurance)
    post = actors.choose(actors.posts_of(found, day=day), wanted)  # type: ignore[arg-type]
    return actors.of_post(found, post) if post else ANONYMOUS


def account(request: HttpRequest) -> Account | None:
    """The account itself, asked of the database when somebody wants more than the actor."""
    if not hasattr(request, "_account") and not request.actor.is_anonymous:  # type: ignore[attr-defined]
        request._account = Account.objects.filter(pk=request.actor.account_id, is_active=True).first()  # type: ignore[attr-defined]
    return getattr(request, "_account", None)
