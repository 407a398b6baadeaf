"""Days are those of the officer's own time zone, before seven in the morning too; one module knows."""

import ast
import os
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import kcdesk
from kcdesk import moments
from tests.sources import modules_with

ROOT = Path(kcdesk.__file__).parent
# Reads of the clock, and readings of a moment, that only `moments` may do.
CLOCK = {"now", "utcnow", "fromtimestamp", "utcfromtimestamp", "astimezone", "strptime"}
DAYS = {"today"}  # of `date` and `datetime`; workspaces have a `today` of their own
WRITTEN = r"\bdate(?:time)?\s*\.|\.(?:astimezone|tzset|localtime)\b|[\"'][TZ][\"']|:\s*1[069]\b"  # in every offence
CAMERA = "services/attachments/images.py"  # a camera writes its own time without a zone


needs_zones = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one zone for all programs")


def test_no_other_module_turns_a_moment_into_a_day():
    offences = []
    for path, tree in modules_with(WRITTEN):
        name = path.relative_to(ROOT).as_posix()
        if name not in ("moments.py", CAMERA):
            offences += [f"{name}:{node.lineno} {what}" for node in ast.walk(tree) if (what := _offence(node))]
    assert not offences, "use kcdesk.moments: " + "; ".join(offences)


def _offence(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "datetime" and node.attr in CLOCK | DAYS | {"fromisoformat"}:
            return f"datetime.{node.attr}"
        if node.value.id == "date" and node.attr in DAYS | {"fromtimestamp"}:
            return f"date.{node.attr}"
    if isinstance(node, ast.Attribute) and node.attr in ("astimezone", "tzset", "localtime"):
        return node.attr
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("partition", "split") and _is_at_t(node):
        return "text cut at the T of a moment"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and _is_a_days_length(node):
        return "text cut to a day or time"
    return ""


def _is_at_t(node):
    return any(isinstance(word, ast.Constant) and word.value in ("T", "Z") for word in node.args)


def _is_a_days_length(node):
    upper, cut = node.slice.upper, ast.unparse(node.value)
    is_long = node.slice.lower is None and isinstance(upper, ast.Constant) and upper.value in (10, 16, 19)
    return is_long and not any(word in cut for word in ("digits", "sha256", "hexdigest"))


def test_the_rule_finds_what_it_forbids():
    wrong = (
        "moment[:10]", "at[:19]", "datetime.now(UTC)", "date.today()", "moment.astimezone()",
        "datetime.fromisoformat(at)", 'at.split("T")[0]', "date.fromtimestamp(at)",
    )  # fmt: skip
    assert all(any(_offence(node) for node in ast.walk(ast.parse(line))) for line in wrong)
    assert all(re.search(WRITTEN, line) for line in wrong)


@needs_zones
@pytest.mark.parametrize(
    ("place", "day"),
    [("Asia/Ho_Chi_Minh", date(2026, 3, 6)), ("UTC", date(2026, 3, 5)), ("America/New_York", date(2026, 3, 5)),
     ("Pacific/Kiritimati", date(2026, 3, 6))],
)  # fmt: skip
def test_a_moment_has_the_day_of_the_officers_zone(zone, place, day):
    zone(place)
    assert moments.day("2026-03-05T23:30:00.000Z") == day
    assert moments.day(datetime(2026, 3, 5, 23, 30, tzinfo=UTC)) == day


@needs_zones
def test_a_moment_keeps_its_zone(zone):
    zone("Asia/Ho_Chi_Minh")
    written = moments.written_now()
    assert written.endswith("+07:00")
    assert moments.has_zone(written)
    zone("UTC")
    assert moments.as_written(written).isoformat() == written
    assert moments.day(written, moments.zone_of(written)).isoformat() in written


@needs_zones
def test_the_name_of_a_file_says_its_zone_and_is_read_again_elsewhere(zone):
    zone("Asia/Ho_Chi_Minh")
    moment = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    name = moments.in_file_name(moment)
    assert name == "2026-03-06_06-30-00+0700"
    zone("America/New_York")
    assert moments.of_file_name(name + "_2") == moment
    assert moments.of_file_name("2026-03-05_23-30-00") == moment  # as earlier versions named it, in UTC
    assert moments.of_file_name("khong-mo-duoc") is None


@needs_zones
def test_the_clock_is_doubted_by_the_local_day(zone):
    zone("Asia/Ho_Chi_Minh")
    assert moments.today() == datetime.now(moments.now().tzinfo).date()
    assert os.environ["TZ"] == "Asia/Ho_Chi_Minh"


def test_a_year_outside_the_systems_clock_has_a_day_all_the_same():
    assert moments.day("0001-01-01T00:30:00+07:00").year == 1
    assert moments.day("9999-12-31T23:30:00-07:00").year == 9999
