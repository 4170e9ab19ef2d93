"""What narrows the lists of reports. A filter leaves rows out; the figures stay those of the whole register."""

from typing import Any

from django.db.models import QuerySet

from core.models import Locality
from core.web.filters import FilterSet, RowFilter, SearchFilter
from grants.models import Fund, Grant


def _funds(request: Any) -> QuerySet[Fund]:
    return Fund.objects.filter(is_illustrative=request.illustrative)


def _localities(request: Any) -> QuerySet[Locality]:
    return Locality.objects.filter(is_illustrative=request.illustrative)


class EndingFilter(FilterSet):
    """Search, fund and locality."""

    search = SearchFilter(["title__icontains", "ref__icontains", "lead_provider__name__icontains"])
    fund = RowFilter(_funds, key="code", label="Fund", field_name="fund__code")
    locality = RowFilter(_localities, key="slug", label="Locality", field_name="localities__slug")

    class Meta:
        model = Grant
        fields: list[str] = []
