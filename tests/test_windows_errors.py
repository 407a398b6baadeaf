"""What Windows says of paths, moments and printers, told on every system."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kcdesk import given_files, moments, placing
from kcdesk.errors import KcdeskError
from kcdesk.store.database.db import translated


def windows_error(number: int, name: str) -> OSError:
    """As Windows raises it: «not found» by its number of C, the truth by its own."""
    error = FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", name)
    error.winerror = number
    return error


@pytest.mark.parametrize(("number", "letters"), [(206, 20), (3, 300)])
def test_a_path_that_is_too_long_is_not_said_to_be_missing(number: int, letters: int) -> None:
    error = windows_error(number, "x" * letters)
    told = []
    for around in (placing.explained(Path("x.pdf")), translated()):
        with pytest.raises(KcdeskError) as caught, around:
            raise error
        told.append(caught.value)
    told.append(given_files.explained_error(error))
    assert [one.code for one in told] == ["bad_name"] * 3
    assert all("dài quá mức" in one.message and "ngắn hơn" in one.hint for one in told)


@pytest.mark.parametrize("name", ["x.pdf", "\\\\?\\" + "x" * 300])
def test_a_path_that_is_only_missing_stays_missing(name: str) -> None:
    assert given_files.explained_error(windows_error(3, name)).code == "no_file"


@pytest.mark.parametrize("year", [1, 1960, 1970, 3000, 3500, 9999])
def test_a_moment_of_any_year_is_read(year: int) -> None:
    moment = datetime(year, 6, 5, 4, 3, 2, tzinfo=UTC)
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert moments.of_milliseconds(milliseconds) == moment
    assert moments.day(moment, UTC) == moment.date()


@pytest.mark.parametrize("milliseconds", [10**15, -(10**15), 10**30])
def test_a_moment_beyond_the_calendar_is_refused(milliseconds: int) -> None:
    with pytest.raises(KcdeskError) as caught:
        moments.of_milliseconds(milliseconds)
    assert caught.value.code == "wrong_clock"
