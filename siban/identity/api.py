"""The door to identity: regions, organisations, persons, accounts, posts."""

from .actions import (
    add_alias,
    add_member,
    ask_entrustment,
    citizen_account,
    confirm_entrustment,
    end_entrustment,
    end_membership,
    end_post,
    give_post,
    log_in,
    note_reading,
    open_staff_account,
    refuse_entrustment,
    register_enterprise,
    register_person,
    unmask,
)
from .actors import of_citizen, of_post
from .flow import ENTRUSTMENT_FLOW
from .imports import import_organisations, import_regions
from .models import Account, Enterprise, EnterpriseMember, Org, OrgAlias, Person, Post, Region, visible_subtree
from .models_entrustment import Entrustment
from .models_reading import Reading
from .queries import enterprises_of, headed_by, known_enterprise, known_person, members_of, org_by_name, person_page
from .roles import FRONT, TERRITORIAL, Role

__all__ = [
    "ENTRUSTMENT_FLOW",
    "FRONT",
    "TERRITORIAL",
    "Account",
    "Enterprise",
    "EnterpriseMember",
    "Entrustment",
    "Org",
    "OrgAlias",
    "Person",
    "Post",
    "Reading",
    "Region",
    "Role",
    "add_alias",
    "add_member",
    "ask_entrustment",
    "citizen_account",
    "confirm_entrustment",
    "end_entrustment",
    "end_membership",
    "end_post",
    "enterprises_of",
    "give_post",
    "headed_by",
    "import_organisations",
    "import_regions",
    "known_enterprise",
    "known_person",
    "log_in",
    "members_of",
    "note_reading",
    "of_citizen",
    "of_post",
    "open_staff_account",
    "org_by_name",
    "person_page",
    "refuse_entrustment",
    "register_enterprise",
    "register_person",
    "unmask",
    "visible_subtree",
]
