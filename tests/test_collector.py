"""Python's garbage collector rests as long as anybody wants it to, and is then as it was."""

from __future__ import annotations

import gc

import pytest

from kcdesk.runtime import collector


def test_it_collects_again_when_the_last_one_is_done() -> None:
    with collector.at_rest():
        with collector.at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_collects_again_after_an_error() -> None:
    @collector.at_rest()
    def spoilt() -> None:
        assert not gc.isenabled()
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            spoilt()
        assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector.at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
