"""Every activity from draft to archive by the command line alone: arguments in, exit codes and JSON out."""

import json
from itertools import count

import pytest

from kcdesk.cli.program import main
from kcdesk.demo import sample_lives as life
from kcdesk.formdef.loading.loader import load
from tests.examples import chosen

FORMS = load()
# One with machines, one with classes, one that is not visited, one of a cluster, one of an association. A dossier of
# every activity is made and recomputed in tests/services/derivations/test_recomputed.py.
CHOSEN = ("machinery", "vocational_training", "international_cooperation", "cluster_treatment", "association")
ACTIVITIES = chosen(CHOSEN, [activity.code for activity in FORMS.activities])
WHO = ("--unit", "Sở Công Thương mẫu", "--code", "SCT", "--level", "province", "--province", "Lạng Sơn")


class CommandLine:
    """Runs commands on one store as a script would: every answer is an argument, tables come from files."""

    def __init__(self, folder, capsys):
        self._store = str(folder / "store")
        self._folder = folder / "values"
        self._folder.mkdir(exist_ok=True)
        self._numbers = count()
        self._capsys = capsys

    def __call__(self, *arguments, code=0):
        found = main(["--store", self._store, "--json", *arguments])
        said = json.loads(self._capsys.readouterr().out)
        assert found == code, said
        return said

    def add(self, kind, **values):
        """A new dossier; its id."""
        return self("add", kind, *self._pairs(values))["id"]

    def set(self, id_, values):
        """Answer fields of a dossier."""
        self("set", id_, *self._pairs(values))

    def data(self, id_):
        """What a dossier says, as `show` prints it."""
        return self("show", id_)["data"]

    def move(self, id_, *steps):
        """Steps one after the other."""
        for step in steps:
            self("move", id_, step)

    def complete(self, id_, values):
        """Answer fields, then what the form still asks for, and make the dossier final."""
        shown = self("show", id_)
        data = shown["data"] | values
        self.set(id_, values | life.rest(FORMS, shown["kind"], data))
        self.move(id_, "finalise")

    def _pairs(self, values):
        return [f"{name}={self._written(value)}" for name, value in values.items()]

    def _written(self, value):
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        file = self._folder / f"{next(self._numbers)}.json"
        file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return f"@{file}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a practice store of a province, made by `init`."""
    folder = tmp_path_factory.mktemp("lives")
    store = ("--store", str(folder / "store"))
    assert main([*store, "init", *WHO, "--officer", "Nguyễn Thị Mẫu", "--practice"]) == 0
    return folder


@pytest.fixture
def run(folder, capsys):
    """The command line on the store of all activities."""
    capsys.readouterr()
    return CommandLine(folder, capsys)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_a_proposal_goes_from_draft_to_archive_by_commands_alone(run, activity):
    owner = run.add("beneficiary", **life.OWNER | {"name": f"Cơ sở {activity}"})
    proposal = run.add("proposal", beneficiaries=[owner], **life.proposal(activity))
    approve(run, proposal)
    contract = sign(run, proposal)
    known = run.data(proposal)
    pay(run, proposal, life.advance(known))
    accept(run, proposal, known, visited=FORMS.activity(activity).visit)
    pay(run, proposal, life.remaining(known))
    settle(run, proposal, known)
    run.set(contract, life.liquidation())
    run.move(proposal, "liquidate")
    run.set(proposal, life.ARCHIVED)
    run.move(proposal, "archive")
    assert run("show", proposal)["state"] == "archived"
    assert run("missing", proposal) == {"step": "", "missing": []}


def approve(run, proposal):
    """Through the papers, the appraisal and the decision."""
    run("suggest", proposal, "--table", "papers")
    run.set(proposal, life.listed_papers(run.data(proposal)))
    run.move(proposal, "finalise", "send", "appraise")
    paper = run.add("appraisal", proposal=proposal)
    run.complete(paper, life.appraisal(run.data(paper)))
    run.move(proposal, "propose")
    run.set(proposal, life.approval(run.data(proposal)))
    run.move(proposal, "approve")


def sign(run, proposal):
    """The contract, which takes its lines over from the proposal."""
    contract = run.add("contract", proposal=proposal, **life.CONTRACT)
    run.move(contract, "finalise")
    run.move(proposal, "contract", "start")
    return contract


def pay(run, proposal, asked):
    """A payment with the papers that it wants, final and paid."""
    payment = run.add("payment", proposal=proposal, **asked)
    run.complete(payment, life.originals(run.data(payment)))
    run.set(payment, life.PAID)


def accept(run, proposal, known, *, visited):
    """One visit that accepts all; none where there is nothing to visit."""
    if visited:
        paper = run.add("acceptance", proposal=proposal)
        run.complete(paper, life.visit(run.data(paper), known))
    run.move(proposal, "accept")


def settle(run, proposal, known):
    """The accounts, with the lines of the contract."""
    paper = run.add("settlement", proposal=proposal)
    run.complete(paper, life.settlement(run.data(paper), known))
    run.move(proposal, "settle")
