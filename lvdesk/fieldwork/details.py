"""What people say about a package — who goes, when, with which forms — checked before it is kept."""

from collections.abc import Sequence
from datetime import date, timedelta

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.kit.errors import RefusedError
from lvdesk.workspace import Workspace


def people_of(names: Sequence[str]) -> list[str]:
    """The names without blanks around them.

    Raises:
        RefusedError: ``package.people`` when somebody is named twice.
    """
    given = [name.strip() for name in names if name.strip()]
    twice = [name for place, name in enumerate(given) if name in given[:place]]
    if twice:
        raise RefusedError("package.people", f"采录人“{twice[0]}”写了两次", "至少要有两名不同的采录人")
    return given


def day_of(text: str, title: str) -> str | None:
    """The day as ISO text, None for none.

    Raises:
        RefusedError: ``package.day`` when it is none.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip().replace("/", "-")).isoformat()
    except ValueError as error:
        raise RefusedError("package.day", f"{title}“{text}”不是日期", "请写成 2026-11-23 这样的日期") from error


def due_after(planned_on: str | None, days: int) -> str | None:
    """The usual day by which it is back."""
    return (date.fromisoformat(planned_on) + timedelta(days=days)).isoformat() if planned_on else None


def refuse_early(planned_on: str | None, due_on: str | None) -> None:
    """Refuses a due day before the planned one.

    Raises:
        RefusedError: ``package.day``.
    """
    if planned_on and due_on and due_on < planned_on:
        raise RefusedError("package.day", f"应回日期 {due_on} 早于计划日期 {planned_on}", "请改正其中一个日期")


def forms_of(ws: Workspace, keys: Sequence[str]) -> list[Form]:
    """The forms in the order of the pile; the usual ones where none is named.

    Raises:
        RefusedError: ``package.form`` for a form that does not exist.
    """
    forms = load_forms(ws.overrides)
    unknown = [key for key in keys if key not in forms]
    if unknown:
        raise RefusedError("package.form", f"没有表单“{unknown[0]}”", f"可用的有：{'、'.join(forms)}")
    return [form for key, form in forms.items() if (key in keys if keys else form.usual)]
