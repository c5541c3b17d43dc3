"""From an account and a post to the actor every rule sees."""

from datetime import date
from uuid import UUID

from siban.kernel.actor import Actor
from siban.kernel.actor import staff as staff_actor

from .models import Account, Post
from .roles import Role


def of_post(account: Account, post: Post, *, channel: str = "web") -> Actor:
    """The actor of a staff account in one post (`post.org` must be loaded)."""
    return staff_actor(
        name=account.name,
        account_id=account.pk,
        role=post.role,
        role_label=str(Role(post.role).label),
        org_id=post.org_id,
        org_name=post.org.name,
        region_code=post.region_id,
        post_id=post.pk,
        channel=channel,
    )


def of_citizen(account: Account, *, assurance: int, channel: str = "web") -> Actor:
    """The actor of a person logged in with an assurance level of 1 to 3."""
    return Actor(
        kind="citizen",
        name=account.name,
        account_id=account.pk,
        person_id=account.person_id,
        role=Role.APPLICANT,
        role_label=str(Role.APPLICANT.label),
        assurance=assurance,
        channel=channel,
    )


def posts_of(account: Account, *, day: date) -> list[Post]:
    """The posts an account holds on a day, oldest first."""
    return list(Post.objects.select_related("org").filter(account=account).held_on(day).order_by("valid_from", "id"))


def choose(posts: list[Post], wanted: UUID | str | None) -> Post | None:
    """The wanted post if it is held, else the first."""
    return next((p for p in posts if str(p.pk) == str(wanted)), posts[0] if posts else None)
