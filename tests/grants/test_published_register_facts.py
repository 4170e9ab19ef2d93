"""The file of published facts holds to what was published: nothing invented, nobody named, all sourced.

Plain Python: no database and no loader. The shape is written out here, so that a new field is a decision.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FACTS: dict[str, Any] = json.loads((ROOT / "grants/data/published_register.json").read_text("utf-8"))
PLACES: dict[str, Any] = json.loads((ROOT / "core/data/places/herefordshire.json").read_text("utf-8"))

PARTIAL_DATE = re.compile(r"^\d{4}(-\d{2})?$")
HONORIFIC = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Revd?|Sir|Dame)\b\.?\s+[A-Z]")
ORGANISATION_KINDS = {
    "charity",
    "school",
    "company",
    "public_body",
    "consortium",
    "faith",
    "other",
    "unknown",
}
NAMING_A_PERSON = {"contact", "officer", "adviser", "trainer", "person", "email", "phone"}

FIELDS = {
    "organisations": "key name kind role_note source",
    "funding_awards": (
        "key ref funder title amounts total_amount told_about confirmed_about cash_received_about "
        "retained_share conditions spend_by spent_means source note"
    ),
    "funds": (
        "code name published_name funding_awards outcome_framework outcomes_source optional_outcomes_needed "
        "eligibility target_groups target_areas source note"
    ),
    "rounds": "ref fund name announced_on opens_on closes_on source",
    "grants": (
        "ref title title_is_descriptive fund funding_award lead_provider partners award_type purpose "
        "commissioner payer localities amount_awarded decided_about starts_about ends_about summary note "
        "source"
    ),
    "announcements": "what announced_by fund amount projects announced_about source note",
    "resolutions": "number text date committee source",
    "left_out": "what why source",
}
NESTED_FIELDS = {
    ("funding_awards", "amounts"): "financial_year_start amount",
    ("funds", "outcome_framework"): "code text mandatory",
    ("grants", "partners"): "organisation role published_as",
}


def records() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fact in the file with the name of its section."""
    for section in FIELDS:
        for record in FACTS[section]:
            yield section, record


def strings(value: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def grant(ref: str) -> dict[str, Any]:
    """The one grant with this reference."""
    (found,) = [record for record in FACTS["grants"] if record["ref"] == ref]
    return dict(found)


def keys_of(section: str, key: str) -> set[str]:
    """The keys of a section, each used once."""
    found = [record[key] for record in FACTS[section]]
    assert len(found) == len(set(found)), f"{section}: a key is used twice"
    return set(found)


def test_the_file_has_the_written_shape_and_nothing_else() -> None:
    assert set(FACTS) == {"as_published", "sources", *FIELDS}
    assert date.fromisoformat(FACTS["as_published"]) == date(2024, 6, 26)
    for section, record in records():
        assert set(record) == set(FIELDS[section].split()), (section, record)
    for (section, field), names in NESTED_FIELDS.items():
        for record in FACTS[section]:
            for inner in record[field]:
                assert set(inner) == set(names.split()), (section, inner)


def test_every_fact_says_where_it_was_read() -> None:
    for source in FACTS["sources"].values():
        assert set(source) == {"title", "publisher", "date"}
        assert source["title"]
        assert source["publisher"]
    for section, record in records():
        assert set(record["source"]) == {"document", "where"}, (section, record)
        assert record["source"]["document"] in FACTS["sources"], (section, record)
        assert record["source"]["where"].strip(), (section, record)
    for fund in FACTS["funds"]:
        assert bool(fund["outcome_framework"]) == bool(fund["outcomes_source"]), fund["code"]
    cited = {record["source"]["document"] for _, record in records()}
    cited |= {fund["outcomes_source"]["document"] for fund in FACTS["funds"] if fund["outcomes_source"]}
    assert cited == set(FACTS["sources"])


def test_twelve_projects_one_consortium_and_four_other_works() -> None:
    funds = Counter(record["fund"] for record in FACTS["grants"])
    assert funds == {"CSF": 12, "MFMSMC": 1, "DA": 2, "LEEDS": 1, "TRAUMA": 1}
    twelve = [record["ref"] for record in FACTS["grants"] if record["fund"] == "CSF"]
    assert twelve == [f"CSF-2023-{number:02d}" for number in range(1, 13)]


def test_the_consortium_has_three_members_ten_schools_and_no_invented_lead() -> None:
    consortium = grant("MFMSMC-2024-01")
    assert consortium["lead_provider"] is None
    members = {p["organisation"] for p in consortium["partners"] if p["role"] == "partner"}
    schools = {p["organisation"] for p in consortium["partners"] if p["role"] == "school"}
    assert members == {"vennture", "cld_trust", "homestart"}
    assert len(schools) == 10
    kinds = {record["key"]: record["kind"] for record in FACTS["organisations"]}
    assert {kinds[key] for key in schools} == {"school"}


def test_caring_in_action_names_its_three_partners() -> None:
    caring = grant("CSF-2023-02")
    assert caring["lead_provider"] == "st_martins_primary"
    assert [(p["organisation"], p["role"]) for p in caring["partners"]] == [
        ("marbrook_primary", "school"),
        ("putson_baptist", "partner"),
        ("south_wye_boxing", "partner"),
    ]


def test_no_grant_carries_an_amount_or_a_decision() -> None:
    for record in FACTS["grants"]:
        assert record["amount_awarded"] is None, record["ref"]
        assert record["decided_about"] is None, record["ref"]
        assert "£" not in record["summary"], record["ref"]


def test_the_only_sums_are_what_the_council_received_and_what_was_announced() -> None:
    awards = FACTS["funding_awards"]
    received = {award["key"]: Decimal(award["total_amount"]) for award in awards if award["total_amount"]}
    assert received == {"mfmsmc_dfe": Decimal("300000.00")}
    by_year = [line["amount"] for award in awards for line in award["amounts"]]
    assert sum(Decimal(amount) for amount in by_year if amount is not None) == Decimal("300000.00")
    (announced,) = FACTS["announcements"]
    assert (Decimal(announced["amount"]), announced["projects"]) == (Decimal("900000.00"), 9)


@pytest.mark.parametrize(
    ("ref", "funders", "commissioner"),
    [
        ("CSF-2023-01", {"west_mercia_pcc"}, None),
        ("MFMSMC-2024-01", {"department_for_education"}, None),
        ("DA-REVIEW-01", {"west_mercia_pcc"}, "community_safety_partnership"),
        ("DA-TRAINING-01", {"west_mercia_pcc"}, "community_safety_partnership"),
        ("LEEDS-01", {"department_for_education"}, None),
        ("TRAUMA-01", {"public_health", "nhs_icb"}, "safeguarding_children_partnership"),
    ],
)
def test_who_funds_and_who_commissions(ref: str, funders: set[str], commissioner: str | None) -> None:
    record = grant(ref)
    awards = {award["key"]: award for award in FACTS["funding_awards"]}
    (fund,) = [fund for fund in FACTS["funds"] if fund["code"] == record["fund"]]
    paid_by = [record["funding_award"]] if record["funding_award"] else fund["funding_awards"]
    assert {awards[key]["funder"] for key in paid_by} == funders
    assert record["commissioner"] == commissioner


def test_only_published_months_and_years_are_kept() -> None:
    dated = {
        record["ref"]: (record["starts_about"], record["ends_about"])
        for record in FACTS["grants"]
        if record["starts_about"] or record["ends_about"]
    }
    assert dated == {
        "MFMSMC-2024-01": ("2024-04", None),
        "LEEDS-01": ("2023-07", "2025-03"),
        "TRAUMA-01": ("2023", "2024"),
    }


def test_what_is_not_direct_support_says_so() -> None:
    others = {r["ref"]: r["purpose"] for r in FACTS["grants"] if r["purpose"] != "direct_support"}
    assert others == {
        "DA-REVIEW-01": "review",
        "DA-TRAINING-01": "training",
        "LEEDS-01": "other",
        "TRAUMA-01": "training",
    }


def test_keys_resolve() -> None:
    organisations = keys_of("organisations", "key")
    awards = keys_of("funding_awards", "key")
    funds = keys_of("funds", "code")
    keys_of("grants", "ref")
    keys_of("funding_awards", "ref")
    award_keys_by_fund = {fund["code"]: set(fund["funding_awards"]) for fund in FACTS["funds"]}
    assert set().union(*award_keys_by_fund.values()) == awards
    assert {award["funder"] for award in FACTS["funding_awards"]} <= organisations
    assert {item["fund"] for item in FACTS["rounds"] + FACTS["announcements"] + FACTS["grants"]} <= funds
    for record in FACTS["grants"]:
        named = {record["lead_provider"], record["commissioner"], record["payer"]} - {None}
        partners = [partner["organisation"] for partner in record["partners"]]
        assert named | set(partners) <= organisations, record["ref"]
        assert len(partners) == len(set(partners)), record["ref"]
        assert record["lead_provider"] not in partners, record["ref"]
        assert {record["funding_award"]} - {None} <= award_keys_by_fund[record["fund"]], record["ref"]


def test_codes_are_from_the_agreed_lists() -> None:
    assert {record["kind"] for record in FACTS["organisations"]} <= ORGANISATION_KINDS
    for record in FACTS["grants"]:
        assert record["award_type"] in {"grant", "contract", "internal_transfer", None}, record["ref"]
        assert record["purpose"] in {"direct_support", "training", "review", "other"}, record["ref"]
        assert {partner["role"] for partner in record["partners"]} <= {"partner", "school"}, record["ref"]


def test_dates_keep_the_precision_they_were_published_with() -> None:
    for section, record in records():
        for field, value in record.items():
            if value is None:
                continue
            if field.endswith("_about"):
                assert PARTIAL_DATE.match(value), (section, field, value)
            elif field.endswith("_on") or field in {"date", "spend_by"}:
                assert date.fromisoformat(value).isoformat() == value, (section, field, value)


def test_localities_are_the_councils_own() -> None:
    known = {locality["name"] for locality in PLACES["localities"]}
    for record in FACTS["grants"]:
        assert set(record["localities"]) <= known, record["ref"]
    for fund in FACTS["funds"]:
        assert set(fund["target_areas"]) <= known, fund["code"]


def test_each_scheme_keeps_its_own_outcomes() -> None:
    outcomes = {fund["code"]: fund["outcome_framework"] for fund in FACTS["funds"]}
    assert [outcome["mandatory"] for outcome in outcomes["CSF"]] == [True] + [False] * 11
    assert [outcome["mandatory"] for outcome in outcomes["SCF-2025"]] == [False] * 5
    codes = [outcome["code"] for framework in outcomes.values() for outcome in framework]
    assert len(codes) == len(set(codes))
    (window,) = FACTS["rounds"]
    assert (window["fund"], window["announced_on"], window["closes_on"]) == ("SCF-2025", None, "2025-10-12")


def test_the_two_resolutions_stand_in_the_committees_words() -> None:
    assert [item["number"] for item in FACTS["resolutions"]] == [1, 2]
    assert {item["date"] for item in FACTS["resolutions"]} == {"2024-07-30"}
    first, second = (item["text"] for item in FACTS["resolutions"])
    assert first.startswith("That Herefordshire Council provide analysis of funding provided through")
    assert first.endswith("sustained early help and support for families and communities.")
    assert second.endswith("a child-friendly Herefordshire is distributed as rapidly as possible.")


def test_nobody_is_named() -> None:
    """No field can hold a person, and no text addresses anybody by a title or an e-mail address."""
    for section, record in records():
        assert not NAMING_A_PERSON & set(record), (section, record)
    for text in strings(FACTS):
        assert not HONORIFIC.search(text), text
        assert "@" not in text, text
