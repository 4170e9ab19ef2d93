"""The product's addresses, a login-only view as the floor, and a register written naively as the control."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as product
from grants.models import Grant, Payment


def empty(request: HttpRequest) -> HttpResponse:
    """Signed in, and nothing else."""
    return HttpResponse(f"signed in as {request.user.pk}")


def naive(request: HttpRequest) -> HttpResponse:
    """The register as it is often written: a page of objects, and a query or more for each cell."""
    grants = Grant.objects.filter(ends_on__isnull=False).order_by("-ends_on")[:25]
    rows = []
    for grant in grants:
        paid = sum(p.amount for p in Payment.objects.filter(grant=grant, kind="payment"))
        returned = grant.returns.filter(caseload__isnull=False).first()
        rows.append(
            [
                grant.ref,
                grant.title,
                grant.lead_provider.name if grant.lead_provider else "",
                grant.fund.name,
                grant.amount_awarded,
                paid,
                grant.first_paid_on,
                grant.ends_on,
                returned.caseload if returned else "",
                ", ".join(locality.name for locality in grant.localities.all()),
                ", ".join(flag.level for flag in grant.flags.filter(cleared_on__isnull=True)),
            ]
        )
    return render(request, "403.html", {"rows": rows})


urlpatterns = [*product, path("benchmark/empty/", empty), path("benchmark/naive/", naive)]
