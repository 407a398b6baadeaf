"""What a dossier is about: one activity or, of a flagship proposal, several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.model import Field

NAME = "activities"  # a condition and a layout may ask it beside the fields of a form that has an activity
FIELD = Field(name=NAME, type="choices", label="Nội dung hoạt động khuyến công", choices_from="activities")
FLAGSHIP = "flagship"


def activities_of(values: Mapping[str, Any]) -> list[str]:
    """The codes of all activities, the main one first; those of an earlier scheme that is hidden now do not count.

    Source: khoản 3 Điều 2 TT 36/2013/TT-BCT.
    """
    main, others = values.get("activity"), values.get("other_activities")
    counts = isinstance(others, list) and values.get("scheme", FLAGSHIP) == FLAGSHIP
    return list(dict.fromkeys([*([main] if main else []), *(others if counts and others else [])]))


def is_mixed(values: Mapping[str, Any]) -> bool:
    """Whether there are several activities: no one ceiling, list or outline speaks for all of it."""
    return len(activities_of(values)) > 1
