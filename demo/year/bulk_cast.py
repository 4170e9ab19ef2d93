"""Who and where for grants by the thousand: providers, places, rounds and awards in step with their number."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from core.bulk import insert_with_history
from core.models import Locality, User
from demo.year.funds import INVENTED
from demo.year.scene import Scene
from grants.models import Fund, FundingAward, Round
from grants.models.funds import SpentMeans
from providers.models import Organisation, OrganisationKind

GRANTS_PER_PROVIDER = 20
GRANTS_PER_PLACE = 250
REASON = "Illustrative: made by a generator"
# Days from the year's day to the announcement of each round of a fund.
ANNOUNCED = (-1080, -900, -720, -540, -400, -280, -190, -120)
KINDS = (
    OrganisationKind.CHARITY,
    OrganisationKind.CHARITY,
    OrganisationKind.SCHOOL,
    OrganisationKind.COMPANY,
)


class BulkCast(NamedTuple):
    """What the deals draw from. Each round comes with its fund and its fund's award."""

    providers: list[Organisation]
    place_ids: list[int]
    windows: list[tuple[Round, Fund, FundingAward]]


def make_bulk_cast(scene: Scene, grants: int, by: User) -> BulkCast:
    """The cast for so many grants; what stands already is kept, and comes first."""
    return BulkCast(
        _providers(1 + grants // GRANTS_PER_PROVIDER, by),
        _places(1 + grants // GRANTS_PER_PLACE, by),
        _windows(scene),
    )


def _providers(count: int, by: User) -> list[Organisation]:
    known = Organisation.objects.filter(ref__startswith="illustrative-bulk-").order_by("ref")
    new = [
        Organisation(
            ref=f"illustrative-bulk-{number:06d}",
            name=f"Illustrative provider {number}",
            kind=KINDS[number % len(KINDS)],
            is_illustrative=True,
        )
        for number in range(known.count() + 1, count + 1)
    ]
    insert_with_history(new, by=by, reason=REASON)
    return list(known[:count])


def _places(count: int, by: User) -> list[int]:
    known = Locality.objects.filter(slug__startswith="illustrative-bulk-").order_by("slug")
    new = [
        Locality(
            slug=f"illustrative-bulk-{number:05d}",
            name=f"Illustrative place {number}",
            note="Illustrative: this place does not exist.",
            is_illustrative=True,
        )
        for number in range(known.count() + 1, count + 1)
    ]
    insert_with_history(new, by=by, reason=REASON)
    return list(known.values_list("id", flat=True)[:count])


def _windows(scene: Scene) -> list[tuple[Round, Fund, FundingAward]]:
    windows = []
    for key, fund in scene.funds.items():
        award, _ = FundingAward.objects.get_or_create(
            ref=f"FA-ILL-BULK-{key.upper()}",
            defaults={
                "title": f"{fund.name}: many years together",
                "funder": scene.organisations["health"],
                "total_amount": Decimal(9_000_000_000),
                "spent_means": SpentMeans.PAID,
                "spend_by": scene.day(800),
                "source": INVENTED,
                "is_illustrative": True,
            },
        )
        fund.awards.add(award)
        windows += [(_round(scene, key, fund, days), fund, award) for days in ANNOUNCED]
    return windows


def _round(scene: Scene, key: str, fund: Fund, days: int) -> Round:
    announced = scene.day(days)
    window, _ = Round.objects.get_or_create(
        ref=f"ILL-BULK-{key.upper()}{days}",
        defaults={
            "fund": fund,
            "name": f"Round announced {announced.isoformat()}",
            "announced_on": announced,
            "opens_on": announced,
            "closes_on": announced + timedelta(days=45),
            "decision_due_on": announced + timedelta(days=85),
            "source": INVENTED,
        },
    )
    return window
