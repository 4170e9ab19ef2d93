"""Wards and localities."""

from typing import Any

from core.models import Locality, Ward
from tests.factories.sequence import next_number


def make_ward(**fields: Any) -> Ward:
    """A ward whose deprivation figures are not known."""
    number = next_number()
    return Ward.objects.create(
        **{"code": f"E0599{number:04}", "name": f"Ward {number}", "authority_code": "E06000019", **fields}
    )


def make_locality(**fields: Any) -> Locality:
    """A locality of the illustrative register; `wards=` puts wards in it."""
    number = next_number()
    wards = fields.pop("wards", ())
    locality = Locality.objects.create(
        **{"name": f"Locality {number}", "slug": f"locality-{number}", "is_illustrative": True, **fields}
    )
    locality.wards.set(wards)
    return locality
