"""Grants by the thousand, for measuring: written in batches, with the spread of a busy council and no history rows.

Each grant is dealt from its own number, so a register of any size begins with the same grants.
"""

from typing import Any

from django.db import transaction

from core.models import User
from demo.year.bulk_cast import BulkCast, make_bulk_cast
from demo.year.bulk_deal import deal
from demo.year.scene import Scene
from grants.models import (
    Agreement,
    ClockStop,
    Cover,
    Grant,
    Instalment,
    Notice,
    OutcomeReturn,
    Payment,
    SustainabilityPlan,
    Variation,
)

BATCH = 1_000
PREFIX = "BULK-"
PARENTS_FIRST: tuple[type[Any], ...] = (
    Agreement,
    Instalment,
    Payment,
    ClockStop,
    Variation,
    OutcomeReturn,
    Notice,
    SustainabilityPlan,
    Cover,
)


def make_bulk(scene: Scene, wanted: int, by: User) -> int:
    """Bring the bulk of the register to so many grants; how many were written."""
    standing = Grant.objects.filter(ref__startswith=PREFIX).count()
    if wanted <= standing:
        return 0
    cast = make_bulk_cast(scene, wanted, by)
    for first in range(standing, wanted, BATCH):
        _write(scene, cast, range(first, min(first + BATCH, wanted)))
    return wanted - standing


@transaction.atomic
def _write(scene: Scene, cast: BulkCast, numbers: range) -> None:
    """One batch of grants with all that belongs to them."""
    batch = [deal(scene, cast, number, f"{PREFIX}{number + 1:07d}") for number in numbers]
    Grant.objects.bulk_create([dealt.grant for dealt in batch])
    for model in PARENTS_FIRST:
        model._default_manager.bulk_create([r for dealt in batch for r in dealt.records if type(r) is model])
    through = Grant.localities.through
    through._default_manager.bulk_create(
        [through(grant_id=dealt.grant.pk, locality_id=dealt.locality_id) for dealt in batch]
    )
