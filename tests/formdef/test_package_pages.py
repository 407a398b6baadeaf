"""forms/package.toml, read strictly."""

import pytest

from kcdesk import paths
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations import package_pages


def test_the_shipped_pages_name_the_proposals_and_ask_by_level():
    pages = package_pages.load(paths.forms(), load())

    assert pages.dossier is not None
    assert pages.dossier.kind == "proposal"
    assert pages.request("proposal", {"state": "sent"}, "province") == "Thẩm định"
    assert pages.request("proposal", {"state": "sent"}, "lower") == ""
    assert pages.request("proposal", {"state": "supplement"}, "lower") == "Bổ sung hồ sơ"


def test_every_fault_is_named(tmp_path):
    (tmp_path / "package.toml").write_text(
        '[[dossier]]\nkind = "proposal"\nasked = "requested"\n[[dossier]]\nkind = "payment"\n'
        '[[request]]\nkind = "proposal"\nat = ["province"]\ntext = "Xem"\nstates = ["gone"]\n'
        'when = { programe = "x" }\n'
        '[[list]]\nkind = "nothing"\ncolumns = ["title"]\n',
        encoding="utf-8",
    )
    with pytest.raises(FormsError) as refusal:
        package_pages.load(tmp_path, load())

    faults = "\n".join(map(str, refusal.value.faults))
    for wrong in ("requested", "chỉ được có một", "gone", "programe", "nothing"):
        assert wrong in faults


def test_without_the_file_or_its_kinds_nothing_is_said(tmp_path):
    for folder, forms in ((tmp_path, load()), (paths.forms(), Forms(()))):
        pages = package_pages.load(folder, forms)
        assert (pages.dossier, pages.sources, pages.requests, pages.lists) == (None, (), (), ())
