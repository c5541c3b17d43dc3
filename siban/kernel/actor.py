"""Who acts: a person, a post or the system, as every rule and every journal row sees them."""

from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from siban.kernel.codes import region

Kind = Literal["anonymous", "citizen", "staff", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting identity.

    A staff actor is an account *in one post* (role × organisation × region): who holds two posts acts as one at a
    time. A citizen actor is a person, with the assurance level (1 to 3) of the log-in.
    """

    kind: Kind
    name: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    role: str = ""
    role_label: str = ""
    org_id: UUID | None = None
    org_name: str = ""
    region_code: str = ""
    region_prefix: str = field(default="")
    post_id: UUID | None = None
    assurance: int = 0
    channel: str = "web"

    @property
    def is_anonymous(self) -> bool:
        return self.kind == "anonymous"

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_citizen(self) -> bool:
        return self.kind == "citizen"

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def id(self) -> UUID | None:
        """The account for staff, the person for citizens."""
        return self.account_id if self.kind == "staff" else self.person_id

    @property
    def post_label(self) -> str:
        """`鄂温克族自治旗民政局 · 部门审批人`, or nothing for who has no post."""
        return " · ".join(part for part in (self.org_name, self.role_label) if part)

    def has_role(self, *roles: str) -> bool:
        return self.kind == "staff" and self.role in roles

    def covers(self, region_code: str) -> bool:
        """Whether a region lies in this post's territory (prefix of the code = subtree)."""
        return bool(self.region_prefix) and region_code.startswith(self.region_prefix)

    def through(self, channel: str) -> "Actor":
        """The same actor by another channel (window, kiosk, api …)."""
        return replace(self, channel=channel)


ANONYMOUS = Actor(kind="anonymous", name="访客")
SYSTEM = Actor(kind="system", name="系统", channel="system")


def staff(*, region_code: str, **known: object) -> Actor:
    """A staff actor with the prefix of the region worked out once."""
    return Actor(kind="staff", region_code=region_code, region_prefix=region.prefix(region_code), **known)  # type: ignore[arg-type]
