"""Moments and days: the only module that reads the clock, or turns a moment into a day.

A moment is an ISO text with its zone: UTC («2026-03-05T23:30:00Z») or the maker's own («…T06:30:00+07:00»). The day of
a moment is the day in the officer's time zone, never the first ten letters of the text.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from kcdesk.errors import KnownError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILE_NAME = "%Y-%m-%d_%H-%M-%S"


def now() -> datetime:
    """The time now, to the second, in the officer's time zone; KnownError `wrong_clock` if there is no such day."""
    try:
        return datetime.now(UTC).astimezone().replace(microsecond=0)
    except (ValueError, OverflowError, OSError) as error:
        raise no_such_day() from error


def today() -> date:
    """Today's date in the officer's time zone."""
    return now().date()


def written_now() -> str:
    """The time now as ISO text with the officer's zone."""
    return now().isoformat()


def utc_now() -> str:
    """The time now as ISO text in UTC."""
    return now().astimezone(UTC).isoformat()


def local(at: str | datetime, zone: tzinfo | None = None) -> datetime:
    """A moment in a time zone, by default the officer's; a text without a zone is taken as local."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    try:
        return moment.astimezone(zone)
    except (OverflowError, OSError):  # outside the years that the system's clock knows: by the difference of today
        here = zone or now().tzinfo
        return _moved(moment, here) if moment.tzinfo else moment.replace(tzinfo=here)


def day(at: str | datetime, zone: tzinfo | None = None) -> date:
    """The day of a moment in a time zone, by default the officer's."""
    return local(at, zone).date()


def zone_of(at: str) -> tzinfo | None:
    """The zone in which a moment was written."""
    return datetime.fromisoformat(at).tzinfo


def as_written(at: str) -> datetime:
    """A moment in the zone in which it was written."""
    return datetime.fromisoformat(at)


def wall_time(written: str) -> datetime:
    """A day and time without a zone, as files of other programs write them; parts of a second are left out."""
    return datetime.fromisoformat(written[:19])


def in_utc(at: str | datetime) -> datetime:
    """A moment in UTC."""
    return local(at, UTC)


def has_zone(at: str) -> bool:
    """Whether a text is a moment with its zone; ValueError if it is no moment."""
    return datetime.fromisoformat(at).tzinfo is not None


def of_milliseconds(milliseconds: int) -> datetime:
    """The moment in UTC that lies so many milliseconds after 1970, or before; KnownError `wrong_clock` as for `now`."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)  # Windows knows no moment before 1970 or after 3000
    except OverflowError as error:
        raise no_such_day() from error


def in_file_name(moment: datetime | None = None) -> str:
    """A moment as part of a file name, in the officer's time zone and with it: «2026-03-06_06-30-00+0700»."""
    shown = local(moment) if moment else now()
    return shown.strftime(f"{_FILE_NAME}%z")


def of_file_name(name: str) -> datetime | None:
    """The moment with which a file name begins, None if there is none; without a zone it is UTC."""
    stem, zone = name[:19], name[19:24]
    try:
        shown = datetime.strptime(stem + (zone if zone[:1] in ("+", "-") else "+0000"), f"{_FILE_NAME}%z")
    except ValueError:
        return None
    return shown


def _moved(moment: datetime, zone: tzinfo | None) -> datetime:
    """A moment in another zone; in its own at the ends of the calendar, where the other has no such day."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def no_such_day() -> KnownError:
    """What is said when the laptop's clock shows a time that is in no calendar."""
    return KnownError(
        "Đồng hồ của máy chỉ một ngày không có thật.",
        code="wrong_clock",
        hint="Hãy đặt lại ngày giờ của máy rồi làm lại.",
    )
