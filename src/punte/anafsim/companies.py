"""The companies that exist in the simulator: all invented, with identifiers whose check digit is right."""

import csv
from dataclasses import dataclass, fields
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class Company:
    """One line of `demo/companies.tsv`; dates are ISO or empty."""

    cui: str
    name: str
    trade_register: str
    registered: str
    caen: str
    organisation: str
    legal_form: str
    street: str
    number: str
    locality: str
    locality_code: str
    county: str
    county_code: str
    plate: str
    postcode: str
    tax_office: str
    vat_from: str
    vat_on_collection_from: str
    inactive_from: str
    e_factura_from: str


def demo_companies() -> dict[str, Company]:
    with (resources.files(__package__) / "demo" / "companies.tsv").open(encoding="utf-8") as table:
        names = {field.name for field in fields(Company)}
        rows = [Company(**{key: row[key] for key in names}) for row in csv.DictReader(table, delimiter="\t")]
    return {company.cui: company for company in rows}
