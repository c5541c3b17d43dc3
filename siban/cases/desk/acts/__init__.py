"""What each act on a case asks of the person, by stage of the procedure."""

from . import deciding, intake, reviewing
from .asking import Act, Ask

ACTS: dict[str, Act] = {**intake.ACTS, **reviewing.ACTS, **deciding.ACTS}
DANGER = " ".join(name for name, act in ACTS.items() if act.danger)

__all__ = ["ACTS", "DANGER", "Act", "Ask"]
