"""A real PostgreSQL, started once for all tests, and a store to publish."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import opening
from kcdesk.services.publication import publishing
from tests.bench.nationwide import making
from tests.store_files import at_home_anywhere

PROPOSALS = 60
OWNER = "kcdesk_owner"
_NUMBERS = count()


class Cluster(Value):
    """A running server: its socket folder is the way in, without a password for the owner."""

    programs: Path
    data: Path
    sockets: Path
    as_user: tuple[str, ...]

    def url(self, database: str, user: str = OWNER, password: str = "") -> str:
        """The address of a database."""
        login = f"{user}:{quote(password, safe='')}" if password else user
        return f"postgresql://{login}@/{quote(database)}?host={self.sockets}"

    def database(self, name: str) -> Database:
        """A database that is there."""
        return Database(self, name)

    def create(self, name: str, template: str = "template0", encoding: str = "UTF8") -> Database:
        """Make a database."""
        import psycopg  # of the extra

        identifier = psycopg.sql.Identifier
        statement = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING {}")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(identifier(name), identifier(template), psycopg.sql.Literal(encoding)))
        return Database(self, name)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL as the user that owns the data."""
        command = [*self.as_user, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` is as if it had lost its power."""
        self.run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def start(self) -> None:
        """Start the server; it listens on its socket only."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.sockets} -c fsync=off"
        log = str(self.data / "log")
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start")


class Database(Value):
    """One database of the server."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        """Its address, for the owner of the server."""
        return self.cluster.url(self.name)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        import psycopg  # of the extra

        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


def _programs() -> Path | None:
    """The programs of the newest PostgreSQL that is installed; None if there is none."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    own = shutil.which("initdb")
    return places[-1] if places else Path(own).parent if own else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server; skipped with a word where there is none."""
    pytest.importorskip("psycopg", reason="the extra kcdesk[publish] is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here")
    folder = Path(tempfile.mkdtemp(prefix="kcpg"))  # short: the path of a socket has at most 107 letters
    as_user: tuple[str, ...] = ()
    if os.name == "posix" and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = next((name for name in ("postgres", "nobody") if _has_user(name)), "")
        as_user = ("runuser", "-u", user, "--")
        shutil.chown(folder, user)
    made = Cluster(programs, folder / "data", folder, as_user)
    try:
        login = ["--auth-local=trust", "--username", OWNER, "--encoding=UTF8", "--locale=C", "--no-sync"]
        made.run("initdb", "-D", str(made.data), *login)
        access = f"local all {OWNER} trust\nlocal all all scram-sha-256\n"
        (made.data / "pg_hba.conf").write_text(access, encoding="utf-8")
        made.start()
        yield made
        made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    return subprocess.run(["id", name], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def nationwide(tmp_path_factory) -> Path:
    """The folder of a small store of a whole nation; copy it before writing."""
    folder = tmp_path_factory.mktemp("nationwide") / "store"
    making.make(folder, PROPOSALS)
    return at_home_anywhere(folder)


@pytest.fixture
def national(nationwide, tmp_path):
    """Such a store of this test's own, opened."""
    shutil.copytree(nationwide, tmp_path / "national")
    workspace = opening.open_workspace(tmp_path / "national")
    yield workspace
    workspace.close()


@pytest.fixture(scope="session")
def template(cluster, nationwide, tmp_path_factory) -> str:
    """The name of a database to which the store was published once; tests get copies of it."""
    cluster.create("template_published")
    folder = tmp_path_factory.mktemp("published") / "store"
    shutil.copytree(nationwide, folder)
    with closing(opening.open_workspace(folder)) as workspace:
        publishing.publish(workspace, cluster.url("template_published"))
    return "template_published"


@pytest.fixture
def published(cluster, template) -> Database:
    """A database of this test's own to which the store was published once, with a name that wants quoting."""
    return cluster.create(f'kc "{next(_NUMBERS)}" %\';--', template)


@pytest.fixture
def database(cluster) -> Database:
    """An empty database of this test's own."""
    return cluster.create(f"empty_{next(_NUMBERS)}")
