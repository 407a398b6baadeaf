"""The records of a nationwide store, each from its number and a seed: the same number gives the same record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from kcdesk.formdef.places import Commune, Places
from tests.bench.nationwide import shares
from tests.bench.nationwide.dossiers import Dossier
from tests.bench.nationwide.records import MILLION, NewRecord, chance_of, drawn, id_of, new_record, unit_of


class Nation:
    """Makes the records of a store with so many proposals."""

    def __init__(self, places: Places, proposals: int) -> None:
        self._places, self.proposals = places, proposals
        self.beneficiaries = max(1, round(proposals * shares.PER_PROPOSAL))
        self.products = round(proposals * shares.PRODUCTS)

    @cached_property
    def _communes(self) -> tuple[Commune, ...]:
        return tuple(map(self._places.commune, self._places.communes))

    def records(self) -> Iterator[NewRecord]:
        """Yield every record; what others refer to comes first."""
        yield from (self._office(number) for number in range(len(self._places.provinces)))
        yield from (self._beneficiary(number) for number in range(self.beneficiaries))
        for number in range(self.proposals):
            yield from self._dossiers(number)
        for number in range(self.products):
            yield from self._product(number)

    def commune_of(self, beneficiary: int) -> Commune:
        """The commune of a beneficiary: every commune has one before any has two."""
        return self._communes[beneficiary * 1_009 % len(self._communes)]

    def _office(self, number: int) -> NewRecord:
        province = self._places.provinces[number]
        data = {
            "state": "final",
            "name": f"Sở Công Thương {province.name}",
            "code": unit_of(province.code),
            "level": "province",
        }
        return new_record("office", number, unit_of(province.code), date(shares.FIRST_YEAR, 1, 2), data)

    def name_of(self, number: int) -> tuple[str, str, str]:
        """Name, legal form and trade of a beneficiary."""
        chance = chance_of("name", number)
        form = drawn(chance, {name: share for name, (share, _) in shares.LEGAL_FORMS.items()})
        sector = chance.choice(tuple(shares.TRADES))
        trade = chance.choice(shares.TRADES[sector])
        called = " ".join(chance.sample(shares.WORDS, 2))
        return f"{shares.LEGAL_FORMS[form][1]} {trade} {called} {number % 997}", form, sector

    def _beneficiary(self, number: int) -> NewRecord:
        chance, commune = chance_of("beneficiary", number), self.commune_of(number)
        name, form, sector = self.name_of(number)
        year = shares.FIRST_YEAR + number * 19 // self.beneficiaries
        data: dict[str, Any] = {
            "state": "final" if chance.random() < 0.95 else "draft",
            "name": name,
            "legal_form": form,
            "representative": f"Người Mẫu {' '.join(chance.sample(shares.WORDS, 2))}",
            "phone": f"09{number:08}",
            "address": f"Thôn Mẫu {chance.randrange(1, 30)}",
            "place": {"commune": commune.code},
            "territory": "commune" if commune.kind == "xã" else "provincial_ward",
            "sector": sector,
            "figures_year": year,
            "workers": int(chance.lognormvariate(2.3, 1.0)) + 1,
            "capital": int(chance.lognormvariate(7, 1.2) + 50) * MILLION,
            "revenue": int(chance.lognormvariate(7.5, 1.2) + 50) * MILLION,
            "women_owned": chance.random() < 0.25,
            "minority_owned": chance.random() < 0.12,
            "newly_established": chance.random() < 0.1,
        }
        if form == "household_business":
            data["citizen_id"] = f"001{number:09}"
        return new_record("beneficiary", number, unit_of(commune.province_code), date(year, 3, 1), data)

    # -- one proposal and what belongs to it -------------------------------------------------------------------

    def _dossiers(self, number: int) -> Iterator[NewRecord]:
        chance = chance_of("proposal", number)
        owner = chance.randrange(self.beneficiaries)
        dossier = Dossier(number, chance, owner, self.commune_of(owner), self.name_of(owner)[0], self._year(number))
        yield from dossier.records()

    def _year(self, number: int) -> int:
        """The year of a proposal; the number of proposals grows by about 4 % a year."""
        years = shares.LAST_YEAR - shares.FIRST_YEAR + 1
        share = (number + 0.5) / self.proposals
        return shares.FIRST_YEAR + min(years - 1, int(years * share**0.75))

    def _product(self, number: int) -> Iterator[NewRecord]:
        chance = chance_of("product", number)
        owner = chance.randrange(self.beneficiaries)
        unit, name = unit_of(self.commune_of(owner).province_code), self.name_of(owner)[0]
        year = chance.randrange(2014, shares.LAST_YEAR)
        group = chance.choice(("handicraft", "food", "food", "machine", "other"))
        product = {
            "state": "final",
            "name": f"Sản phẩm {' '.join(chance.sample(shares.WORDS, 2))} {number}",
            "beneficiary": id_of("beneficiary", owner),
            "product_group": group,
            "yearly_revenue": chance.randrange(100, 9_000) * MILLION,
            "workers": chance.randrange(2, 200),
        }
        made = new_record("typical_product", number, unit, date(year, 5, 1), product)
        yield made
        level = chance.choices(("province", "region", "nation"), (80, 14, 6))[0]
        entry = {
            "state": "certified" if chance.random() < 0.6 else "scored",
            "typical_product": made.id,
            "product_name": product["name"],
            "maker_name": name,
            "product_group": group,
            "level": level,
            "year": year,
        }
        yield new_record("product_entry", number, unit, date(year, 7, 1), entry)
