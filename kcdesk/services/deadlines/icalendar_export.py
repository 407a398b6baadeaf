"""Deadlines as an iCalendar file (RFC 5545): all-day events with alarms and stable UIDs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from kcdesk import moments, placing
from kcdesk.services.deadlines.listing import Due, basis
from kcdesk.services.records.titles import title_for_others
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_MORNING = timedelta(hours=8)


def export(workspace: Workspace, dues: Sequence[Due], path: Path) -> dict[str, Any]:
    """Write the deadlines for any calendar program; returns {"ics", "events"}. KnownError if writing fails.

    An event has the same UID in every file, so that importing a newer file moves the event instead of doubling it.
    """
    placing.save(content(workspace, dues), path)
    return {"ics": str(path), "events": len(dues)}


def content(workspace: Workspace, dues: Sequence[Due], now: datetime | None = None) -> bytes:
    """The content of the file; `now` is its time of making, the current time by default."""
    from icalendar import Calendar  # icalendar takes 100 ms

    made_at = (now or moments.in_utc(moments.utc_now())).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", "-//kcdesk//Khuyen cong//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Thời hạn khuyến công – {workspace.identity.unit.name}")
    for due in dues:
        calendar.add_component(_event(workspace, due, made_at))
    return bytes(calendar.to_ical())


def _event(workspace: Workspace, due: Due, made_at: datetime) -> Event:
    from icalendar import Event  # icalendar takes 100 ms

    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'{workspace.identity.store_id}/{due.uid}')}@kcdesk")
    event.add("dtstamp", made_at)
    event.add("sequence", int(made_at.timestamp()) // 60 - 29_000_000)  # minutes: a later file has a higher number
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("summary", due.what)
    event.add("description", _description(workspace, due))
    event.add("categories", ["Khuyến công"])
    event.add("transp", "TRANSPARENT")  # a deadline does not make the day busy
    for days_before in sorted({due.remind, 0}, reverse=True):
        event.add_component(_alarm(due, days_before))
    return event


def _description(workspace: Workspace, due: Due) -> str:
    title = title_for_others(workspace, due.title, due.id)  # the file goes into calendars that others see
    moved = f"Đã hoãn từ {format_date(due.first_day)}" if due.first_day else ""
    return "\n".join(filter(None, (title and f"Hồ sơ: {title}", f"Căn cứ: {basis(workspace, due)}", moved)))


def _alarm(due: Due, days_before: int) -> Alarm:
    """An alarm at eight in the morning, `days_before` days before the deadline."""
    from icalendar import Alarm  # icalendar takes 100 ms

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", due.what)
    alarm.add("trigger", _MORNING - timedelta(days=days_before))
    return alarm
