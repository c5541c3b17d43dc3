"""The shape of what an applicant fills in, from the form materials of the locked version. No legality here, no saving."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from siban.catalog.api import FieldSpec, Kept, form_fields
from siban.kernel.flow import Refused

if TYPE_CHECKING:
    from .models import Case


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that can't be taken: its element, its name, and the sentence."""

    element: str
    name: str
    sentence: str


class FormInvalid(Refused):
    """The application form has empty or wrong fields; `wrong` names each."""

    def __init__(self, wrong: "list[Wrong]") -> None:
        first = "；".join(w.sentence for w in wrong[:3])
        more = f"（共 {len(wrong)} 处）" if len(wrong) > 3 else ""
        super().__init__(f"申请表还有需要修改的地方：{first}{more}")
        self.wrong = wrong


_SPECS: Kept[list[FieldSpec]] = Kept()


def fields_of(case: "Case") -> list[FieldSpec]:
    """The fields this situation asks for, each once, in the order of the forms."""
    ids = tuple(m.id for m in case.form_materials())
    return _SPECS.get((case.version_id, ids), lambda: form_fields(case.elements, ids))


def wrong_fields(case: "Case", values: dict[str, Any], *, today: date, only: set[str] | None = None) -> list[Wrong]:
    """Every field whose value is missing or wrong; `only` limits the check to some (as one types)."""
    found = []
    for spec in fields_of(case):
        if only is not None and spec.element not in only:
            continue
        if sentence := spec.check(values.get(spec.element), values=values, today=today):
            found.append(Wrong(spec.element, spec.name, sentence))
    return found


def require_valid(case: "Case", *, today: date) -> None:
    """Raises FormInvalid when the form can't be handed in as it stands."""
    if wrong := wrong_fields(case, case.form, today=today):
        raise FormInvalid(wrong)
