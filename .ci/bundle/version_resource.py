"""The version resource of the programs for Windows: what «Thuộc tính» of the file shows, from `kcdesk.__version__`."""

from __future__ import annotations

from typing import Any

from left_out import digits

_VIETNAMESE, _UNICODE = 0x042A, 1200
TEXTS = {"kcdesk": "kcdesk – hồ sơ khuyến công", "kcdesk-cli": "kcdesk – dòng lệnh"}


def resource(name: str, version: str) -> Any:
    """What PyInstaller puts into the program `name`."""
    from PyInstaller.utils.win32 import versioninfo as info  # can be imported on Windows only

    texts = {
        "CompanyName": "kcdesk",
        "FileDescription": TEXTS[name],
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "Apache-2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "kcdesk",
        "ProductVersion": version,
    }
    table = info.StringTable(f"{_VIETNAMESE:04x}{_UNICODE:04x}", [info.StringStruct(*pair) for pair in texts.items()])
    translation = info.VarFileInfo([info.VarStruct("Translation", [_VIETNAMESE, _UNICODE])])
    numbers = digits(version)
    fixed = info.FixedFileInfo(filevers=numbers, prodvers=numbers, mask=0x3F, flags=0, OS=0x40004, fileType=1)
    return info.VSVersionInfo(ffi=fixed, kids=[info.StringFileInfo([table]), translation])
