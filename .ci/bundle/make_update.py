"""Makes the update file of a built folder and signs it with the tool minisign:

    python .ci/bundle/make_update.py dist/kcdesk --key publisher.key [--system windows-x86_64] [--out dist]

minisign asks for the passphrase of the key. Notes are those of this version in resources/updates/notes.toml; what the
file holds is written in kcdesk/exchange/updates/update_file.py. The secret key stays on a machine without a network.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path

from build import digest

from kcdesk import RELEASED, __version__, given_files
from kcdesk.exchange.updates import update_file
from kcdesk.services.updating import release_notes

_MOMENT = datetime.combine(RELEASED, time(), UTC).timetuple()[:6]


def main() -> int:
    """Write and sign the file; print its place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--system", default=update_file.system_name())
    parser.add_argument("--version", default=__version__)
    parser.add_argument("--out", type=Path, default=Path("dist"))
    options = parser.parse_args()
    files = shipped(options.folder, options.version)
    manifest = json.dumps(described(files, options.system, options.version), ensure_ascii=False, indent=1).encode()
    path = options.out / f"kcdesk-{options.version}-{options.system}{given_files.UPDATE}"
    write(path, manifest, signed(manifest, options.key, options.version), files)
    print(path, digest(path))
    return 0


def shipped(folder: Path, version: str) -> dict[str, Path]:
    """The files of the version, by name; a link to one of the programs is made by the first installation."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in files}
    ours = (update_file.version_folder(version), "kcdesk", "kcdesk-cli", "kcdesk.exe", "kcdesk-cli.exe")
    return {name: path for name, path in named.items() if name.split("/")[0] in ours and not is_second_name(name, path)}


def is_second_name(name: str, path: Path) -> bool:
    """Whether a file is only another name of one of the programs."""
    return "/" not in name and path.is_symlink()


def described(files: dict[str, Path], system: str, version: str) -> dict[str, object]:
    """The content of update.json."""
    notes = {noted.version: noted.notes for noted in release_notes.all_versions()}
    return {
        "format": update_file.FORMAT,
        "product": "kcdesk",
        "system": system,
        "version": version,
        "released": RELEASED.isoformat(),
        "notes": list(notes[version]),
        "files": {name: {"sha256": digest(path), "size": path.stat().st_size} for name, path in files.items()},
    }


def signed(manifest: bytes, key: Path, version: str) -> bytes:
    """The signature that minisign makes."""
    with tempfile.TemporaryDirectory() as folder:
        file, signature = Path(folder) / "update.json", Path(folder) / "update.json.minisig"
        file.write_bytes(manifest)
        command = ["minisign", "-S", "-s", str(key), "-m", str(file), "-x", str(signature), "-t", f"kcdesk {version}"]
        subprocess.run(command, check=True)
        return signature.read_bytes()


def write(path: Path, manifest: bytes, signature: bytes, files: dict[str, Path]) -> None:
    """Write the zip."""
    with zipfile.ZipFile(path, "w") as made:
        for name, content in {"update.json": manifest, "update.json.minisig": signature}.items():
            made.writestr(_entry(name), content)
        for name, file in files.items():
            made.writestr(_entry(f"files/{name}"), file.read_bytes(), compresslevel=9)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


if __name__ == "__main__":
    sys.exit(main())
