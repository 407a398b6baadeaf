"""The activities of the programme, and those of a dossier: one, or several in a flagship proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.model import Field
from kcdesk.runtime.frozen import Value

NAME = "activities"  # a name that conditions and layouts may use besides the fields of a form with an activity
FIELD = Field(name=NAME, type="choices", label="Nội dung hoạt động khuyến công", choices_from="activities")
FLAGSHIP = "flagship"


class Activity(Value, kw_only=True):
    """One activity of Điều 4 NĐ 45/2012."""

    code: str
    label: str
    source: str
    short_label: str = ""  # for a narrow column or a chip
    group: str = ""
    checklist: str = ""  # code of its checklist; "": the activity's own code
    visit: bool = True  # whether there is a site at which work can be accepted
    unverified: bool = False
    retired: bool = False


def activities_of(values: Mapping[str, Any]) -> list[str]:
    """The codes of all activities, the main activity first; hidden values of a former scheme do not count.

    Source: khoản 3 Điều 2 TT 36/2013/TT-BCT.
    """
    main, others = values.get("activity"), values.get("other_activities")
    counts = isinstance(others, list) and values.get("scheme", FLAGSHIP) == FLAGSHIP
    return list(dict.fromkeys([*([main] if main else []), *(others if counts and others else [])]))


def is_mixed(values: Mapping[str, Any]) -> bool:
    """Whether there are several activities, so that no single ceiling, checklist or outline applies."""
    return len(activities_of(values)) > 1
