"""Definitions that a store keeps come back as they were, and never as anything else."""

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading import kept_forms
from kcdesk.formdef.loading.loader import load
from kcdesk.store.database.views import reading_views

KEY = "key"


def unpacked(kept, forms, key=KEY):
    return kept_forms.unpacked(kept, key, forms.folder, lambda _: (), lambda _: ())


@pytest.fixture(scope="module")
def forms():
    """The shipped definitions."""
    return load()


@pytest.fixture(scope="module")
def kept(forms):
    return kept_forms.packed(forms, KEY)


def test_the_shipped_definitions_come_back_as_they_were(forms, kept):
    again = unpacked(kept, forms)
    assert again.were_kept
    assert not forms.were_kept
    assert again.all == forms.all
    assert (again.kinds, again.versions, again.heads) == (forms.kinds, forms.versions, forms.heads)
    assert dict(again.workflows) == dict(forms.workflows)
    assert (again.activities, again.levels.all) == (forms.activities, forms.levels.all)
    assert again.law_contents == forms.law_contents
    assert len(again.law_contents[0][1].instruments) > 10
    fields = [field for form in forms.all for field in form.fields if field.choices_from]
    assert fields
    assert [again.choices(field) for field in fields] == [forms.choices(field) for field in fields]


def test_all_versions_of_one_kind_are_taken_out_without_the_others(forms, kept):
    again = unpacked(kept, forms)
    proposals = again.versions_of("proposal")
    assert [form.version for form in proposals] == [head.version for head in forms.heads if head.kind == "proposal"]
    assert again.newest("proposal") is proposals[-1]
    assert again.versions_of("nothing") == ()
    views = reading_views(again)
    assert views["proposal"] == reading_views(forms)["proposal"]
    assert "nothing" not in views
    assert dict(views) == dict(reading_views(forms))


def test_the_version_in_force_is_the_same_on_every_day(forms, kept):
    again = unpacked(kept, forms)
    days = {head.effective_from for head in forms.heads}
    assert len(days) > 3
    for kind in forms.kinds:
        for day in days:
            if any(head.kind == kind and head.is_in_force(day) for head in forms.heads):
                assert again.current(kind, day).reference == forms.current(kind, day).reference


def test_what_was_worked_out_comes_back(forms):
    some = Forms(forms.all)
    some.once("views", lambda: ({"a": "CREATE VIEW a"}, {"proposal": {}}, "hash"))
    some.once("no plain data", lambda: {forms})
    again = unpacked(kept_forms.packed(some, KEY), some)
    assert again.once("views", lambda: None) == [{"a": "CREATE VIEW a"}, {"proposal": {}}, "hash"]
    assert again.once("no plain data", lambda: "made anew") == "made anew"


def test_others_and_what_is_not_whole_are_not_taken(forms, kept):
    assert unpacked(kept, forms, key="another key") is None
    for length in (0, 1, 10, 70, 100, len(kept) // 2, len(kept) - 1):
        assert unpacked(kept[:length], forms) is None
    for place in (0, 5, 40, 71, 200, len(kept) - 1):
        altered = bytearray(kept)
        altered[place] ^= 1
        assert unpacked(bytes(altered), forms) is None
    assert unpacked(kept + b"x", forms) is None
