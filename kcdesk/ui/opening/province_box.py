"""The box in which a province is chosen: typed without accents, by its name of today or that before 01/7/2025."""

from __future__ import annotations

from kcdesk.formdef.places import Places
from kcdesk.text import fold
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice

_KINDS = ("Tỉnh ", "Thành phố ")


class ProvinceBox(SearchingChoice):
    """Today's provinces, then the former ones with what they became: «Bình Định → Gia Lai»."""

    def __init__(self) -> None:
        super().__init__()
        places = Places.shipped()
        self._today = {province.code: province.name for province in places.provinces}
        self._codes = {_plain(name): code for code, name in self._today.items()}
        for code, name in self._today.items():
            self.offer(name, code)
        for former in places.old_provinces:
            code = places.successor_of(former.code)
            if code and _plain(former.name) not in self._codes:
                self._codes[_plain(former.name)] = code
                self.offer(f"{_bare(former.name)} → {_bare(self._today[code])}", code)
        self.setCurrentIndex(-1)

    def choose(self, province: str) -> None:
        """Choose a province of today by its code or its name."""
        self.setCurrentIndex(self.findData(self._codes.get(_plain(province), province)))

    def code(self) -> str:
        """Return the code of the province of today that is chosen or typed; "" for none."""
        typed = self.currentText().partition(" → ")
        return self._code_of(typed[2] or typed[0])

    def problem(self) -> str:
        """Say what is wrong with the typed text; "" for a known province."""
        typed = self.currentText().strip()
        if not typed:
            return "Hãy chọn tỉnh, thành phố."
        return "" if self.code() else f"Không có tỉnh, thành phố «{typed}» trong danh mục: hãy gõ lại hoặc chọn."

    def _code_of(self, typed: str) -> str:
        """Return the code for a whole name, or for the only province whose name has the typed words."""
        plain = _plain(typed)
        if not plain or plain in self._codes:
            return self._codes.get(plain, "")
        fitting = {code for name, code in self._codes.items() if f" {plain}" in f" {name}"}
        return fitting.pop() if len(fitting) == 1 else ""

    def settle(self) -> None:
        """Show the province of today for what was typed or chosen: «binh dinh» becomes «Bình Định → Gia Lai»."""
        if code := self.code():
            typed = _plain(self.currentText().partition(" → ")[0])
            names = [place for place in range(self.count()) if self.itemData(place) == code]
            exact = [p for p in names if _plain(self.itemText(p).partition(" → ")[0]) == typed]
            self.setCurrentIndex((exact or names)[0])


def _bare(name: str) -> str:
    return next((name.removeprefix(kind) for kind in _KINDS if name.startswith(kind)), name)


def _plain(name: str) -> str:
    plain = fold(name).strip()
    return next((plain.removeprefix(fold(kind)) for kind in _KINDS if plain.startswith(fold(kind))), plain)
