"""Where and when photos were taken, beside the commune and the day of the visit that they show.

A camera's clock and position may be wrong, and many programs remove them: what differs is pointed out, nothing stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.visits.commune_centres import Centre, centre_of
from kcdesk.services.workspace import Workspace

_DAY, _PLACE = "visited_on", "place"


class PhotoFacts(Value, kw_only=True):
    """What a photo says of itself; `taken` and `away` are None if it says nothing or there is nothing to compare.

    `away` is the distance in kilometres from the middle of the commune.
    """

    taken: datetime | None
    position: str
    away: float | None
    is_other_day: bool
    is_far: bool


def facts_of(record: Record, file: Mapping[str, Any]) -> PhotoFacts:
    """What a photo of a record says, beside the day and the commune of the record."""
    taken, centre = _moment(file.get("taken_at")), _centre(record)
    point = _point(file)
    away = centre.distance(*point) if centre is not None and point is not None else None
    day = _day(record)
    return PhotoFacts(
        taken=taken,
        position=f"{point[0]:.5f}, {point[1]:.5f}" if point is not None else "",
        away=away,
        is_other_day=taken is not None and day is not None and taken.date() != day,
        is_far=away is not None and centre is not None and away > centre.reach,
    )


def words_of(record: Record, file: Mapping[str, Any]) -> list[str]:
    """The same in words, for the line below a photo."""
    facts = facts_of(record, file)
    if facts.taken is None:
        words = ["Ảnh không ghi giờ chụp"]
    else:
        other = ", khác ngày ghi trong hồ sơ" if facts.is_other_day else ""
        words = [f"Chụp lúc {facts.taken:%H:%M} ngày {text.format_date(facts.taken.date())}{other}"]
    if facts.position:
        words.append(f"tại {facts.position}")
    if facts.away is not None:
        words.append(f"cách trung tâm {_commune(record)} {_kilometres(facts.away)}")
    return words


def differing(_workspace: Workspace, record: Record) -> list[Problem]:
    """Photos of a visit that were taken on another day or far from its commune, as advice, one line for each field."""
    problems = []
    for field in (field.name for field in record.form.fields if field.photos):
        facts = [facts_of(record, file) for file in record.value(field) or ()]
        problems += [Problem(field, sentence, advice=True) for sentence in _sentences(record, facts)]
    return problems


def _sentences(record: Record, photos: Sequence[PhotoFacts]) -> Iterator[str]:
    others = [photo.taken.date() for photo in photos if photo.is_other_day and photo.taken is not None]
    if others:
        days = text.first_few([text.format_date(day) for day in sorted(set(others))], 3, ", ")
        yield f"{len(others)} ảnh chụp ngày {days}, khác ngày ghi trong hồ sơ; hãy xem lại ảnh, hoặc đồng hồ máy ảnh."
    far = [photo.away for photo in photos if photo.is_far and photo.away is not None]
    if far:
        yield f"{len(far)} ảnh chụp cách trung tâm {_commune(record)} đến {_kilometres(max(far))}; hãy xem có đúng nơi."


def _moment(written: object) -> datetime | None:
    try:
        return moments.as_written(str(written)) if written else None
    except ValueError:
        return None


def _day(record: Record) -> date | None:
    value = record.value(_DAY) if _DAY in record.form.by_name else None
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _point(file: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        point = float(file["latitude"]), float(file["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 and point != (0, 0) else None


def _code(record: Record) -> str:
    place = record.value(_PLACE) if _PLACE in record.form.by_name else None
    return str(place.get("commune") or "") if isinstance(place, dict) else ""


def _centre(record: Record) -> Centre | None:
    return centre_of(_code(record))


def _commune(record: Record) -> str:
    return text.lower_first(record.forms.places.commune(_code(record)).name) if record.forms else ""


def _kilometres(distance: float) -> str:
    return f"{distance:.1f} km".replace(".", ",") if distance < 10 else f"{distance:.0f} km"
