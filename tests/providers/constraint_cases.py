"""The constraints of organisations, their identifiers and their people."""

from datetime import date

from providers.models import Membership, OrganisationIdentifier, ProbableDuplicate
from tests.constraints import Case
from tests.factories import make_duplicate, make_membership, make_organisation, somebody


def make_identifier(value: str = "1100002") -> OrganisationIdentifier:
    """A charity number of a new organisation."""
    return OrganisationIdentifier.objects.create(
        organisation=make_organisation(), scheme="GB-CHC", value=value
    )


def _ended_beside_current() -> Membership:
    current = make_membership()
    return make_membership(user=current.user, organisation=current.organisation, ended_on=date(2025, 4, 1))


def _second_pair() -> ProbableDuplicate:
    first = make_duplicate()
    return make_duplicate(older=first.older)


CASES = [
    Case(
        "duplicate_pair_once",
        row=_second_pair,
        accepted=[lambda row: {"newer": make_organisation()}],
        refused=[lambda row: {"newer": ProbableDuplicate.objects.exclude(pk=row.pk).get().newer}],
    ),
    Case(
        "duplicate_is_two_records",
        row=make_duplicate,
        accepted=[lambda row: {"older": make_organisation()}],
        refused=[lambda row: {"older": row.newer}],
    ),
    Case(
        "duplicate_decision_paired",
        row=make_duplicate,
        accepted=[
            {"state": "open"},
            lambda row: {"state": "same", "decided_by": somebody(), "decided_on": date(2026, 11, 21)},
        ],
        refused=[
            {"state": "same"},
            {"decided_on": date(2026, 11, 21)},
            {"state": "perhaps"},
            lambda row: {"state": "different", "decided_by": somebody()},
        ],
    ),
    Case(
        "organisation_kind_known",
        row=make_organisation,
        accepted=[{"kind": "school"}, {"kind": None}],
        refused=[{"kind": "club"}, {"kind": ""}],
    ),
    Case(
        "identifier_names_one_organisation",
        row=lambda: (make_identifier("1100001"), make_identifier())[1],
        accepted=[{"value": "1100001", "scheme": "GB-COH"}, {"value": "1100003"}],
        refused=[{"value": "1100001"}],
    ),
    Case(
        "membership_one_current",
        row=_ended_beside_current,
        accepted=[
            {"ended_on": date(2026, 4, 1)},
            lambda row: {"organisation": make_organisation(), "ended_on": None},
        ],
        refused=[{"ended_on": None}],
    ),
    Case(
        "membership_end_after_start",
        row=make_membership,
        accepted=[{"ended_on": date(2024, 4, 1)}, {"ended_on": None}],
        refused=[{"ended_on": date(2024, 3, 31)}],
    ),
]
