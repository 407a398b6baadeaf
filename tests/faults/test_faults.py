"""The short form of `python -m tests.faults`: every kind of act and fault, at a few writes."""

from __future__ import annotations

import os
import random

import pytest

from tests.examples import chosen
from tests.faults.acts import ACTS
from tests.faults.command import Try, tries_of_act, tries_of_clocks, tries_of_spoils
from tests.faults.disk import Fault
from tests.faults.trying import Desks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each try is a forked process")

SOON = ("typing", "export", "backup", "restore", "new passphrase")  # the quick ones; `tests.faults` does them all
FAULTS = (Fault.TORN, Fault.SHORT, Fault.GONE, Fault.LOCKED)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Desks:
    return Desks(tmp_path_factory.mktemp("faults"))


def failed(tries: list[Try]) -> list[str]:
    assert tries
    return [str(attempt) for attempt in tries if attempt.complaints]


@pytest.mark.parametrize("name", chosen(("typing", "export", "restore"), SOON))
def test_an_interrupted_act_is_done_or_not_done(desks: Desks, name: str) -> None:
    (act,) = (act for act in ACTS if act.name == name)
    assert failed(list(tries_of_act(act, desks, FAULTS, 2, random.Random(1)))) == []


def test_each_act_changes_what_the_tries_look_at(desks: Desks) -> None:
    typing, *_ = ACTS
    course = desks.course(typing)
    assert len(set(course.states)) == len(course.states) == 5
    assert course.writes > 10


def test_a_wrong_clock_loses_nothing(desks: Desks) -> None:
    typing, *_ = ACTS
    assert failed(list(tries_of_clocks(typing, desks))) == []


def test_a_spoilt_file_is_noticed(desks: Desks) -> None:
    assert failed(list(tries_of_spoils(desks, 1, random.Random(1)))) == []
