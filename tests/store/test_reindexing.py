"""A store whose keys were made by an earlier version makes them again, once, when it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk.formdef.loading.loader import Forms
from kcdesk.store import reindexing
from kcdesk.store.store import Store
from tests import store_files

NAMES = ["Yên Bình", "\u00d0ỗ Gia", "Dũng Tâm", "Em Út", "Đức Hoà", "Hưng\u00adThịnh"]
ORDERED = ["Dũng Tâm", "\u00d0ỗ Gia", "Đức Hoà", "Em Út", "Hưng\u00adThịnh", "Yên Bình"]


@pytest.fixture
def old_folder(store: Store, forms: Forms) -> Path:
    """A store with names that an earlier version did not know to fold, and with the keys of that version."""
    with store.act("Thêm") as act:
        for name in NAMES:
            act.insert("beneficiary", forms.current("beneficiary").reference, {"name": name, "state": "draft"})
    store.close()
    with store_files.connection(store.folder) as second:
        second.raw.create_function("sort_key", 1, lambda value: f"old {value}", deterministic=True)
        second.execute("UPDATE record SET sort = 'old ' || json_extract(data, '$.name')")
        second.execute("REINDEX")
        second.execute("DELETE FROM record_search")
        second.execute("DELETE FROM setting WHERE name = 'sort_keys'")
        second.execute("UPDATE setting SET value = '{}' WHERE name = 'searched'")
    return store.folder


def test_lists_and_search_follow_the_new_keys_and_nothing_is_torn(old_folder: Path, forms: Forms) -> None:
    with Store.open(old_folder, forms) as opened:
        for order in ("", "name"):
            assert [stored.data["name"] for stored in opened.page("beneficiary", order=order)] == ORDERED
        assert [stored.data["name"] for stored in opened.page("beneficiary", "do gia")] == ["\u00d0ỗ Gia"]
        assert [stored.data["name"] for stored in opened.page("beneficiary", "hung thinh")] == ["Hưng\u00adThịnh"]
    with store_files.connection(old_folder) as second:
        assert second.value("PRAGMA integrity_check") == "ok"


def test_the_keys_are_made_again_only_once(old_folder: Path, forms: Forms) -> None:
    Store.open(old_folder, forms).close()
    with store_files.connection(old_folder) as second:
        assert (reindexing.refresh_order(second, forms), reindexing.refresh(second, forms)) == (0, 0)
