"""Real practice stores: an empty one and the one that the journey leaves, each made once and copied for a test."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kcdesk.demo import journey as demo_journey
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services import catalogue
from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.services.exchange_support import Offices
from tests.services.samples import practice_answers
from tests.store_files import at_home_anywhere


@pytest.fixture(scope="session")
def forms():
    """The shipped forms, read once."""
    return load()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory, forms):
    """The folder of an empty practice store of a lower unit; copy it before writing."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    opening.create(folder, practice_answers(), forms)
    return at_home_anywhere(folder)


@pytest.fixture(scope="session")
def journey(tmp_path_factory):
    """The whole journey, played once; copy its store before writing."""
    journey = demo_journey.play(tmp_path_factory.mktemp("journey"))
    at_home_anywhere(journey.store)
    at_home_anywhere(journey.province)
    return journey


@pytest.fixture
def workspace(empty_store, tmp_path, forms):
    """An empty practice store of this test's own, on 5 March 2026."""
    yield from _opened(empty_store, tmp_path / "store", forms)


@pytest.fixture
def played(journey, tmp_path, forms):
    """What the journey left, in a store of this test's own: the workspace and the journey."""
    for workspace in _opened(journey.store, tmp_path / "played", forms):
        yield workspace, replace(journey, store=tmp_path / "played")


@pytest.fixture(scope="session")
def empty_province(tmp_path_factory, forms):
    """The folder of an empty practice store of a province; copy it before writing."""
    folder = tmp_path_factory.mktemp("province") / "store"
    opening.create(folder, practice_answers(level="province", code="SCT-MAU"), forms)
    return at_home_anywhere(folder)


@pytest.fixture
def province(empty_province, tmp_path, forms):
    """An empty practice store of a province, of this test's own."""
    yield from _opened(empty_province, tmp_path / "province", forms)


@pytest.fixture(scope="session")
def office_templates(tmp_path_factory):
    """The folder of the stores that `Offices` has made, each copied for every test that asks for the same."""
    return tmp_path_factory.mktemp("offices")


@pytest.fixture
def offices(tmp_path, forms, office_templates):
    """Offices that hand over to each other; whatever happens to them, every store stays sound."""
    made = Offices(tmp_path, forms, office_templates)
    yield made
    for workspace in made.made:
        assert workspace.store.check() == []
    made.close()


@pytest.fixture(scope="session")
def acquainted_pair(tmp_path_factory, forms):
    """The folders of a unit and of its province, which know each other; copy them before writing."""
    made = Offices(tmp_path_factory.mktemp("pair"), forms)
    made.acquaint(made.make("TT-A"), made.make("SCT", "province"))
    made.close()
    return [at_home_anywhere(workspace.store.folder) for workspace in made.made]


@pytest.fixture
def pair(offices, acquainted_pair):
    """A unit and its province, which know each other."""
    return offices.take_all(acquainted_pair)


def _opened(template: Path, folder: Path, forms):
    shutil.copytree(template, folder)
    with Store.open(folder, forms) as store:
        yield Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
