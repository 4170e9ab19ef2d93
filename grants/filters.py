"""What narrows each list. The view passes the date as `request.on`, and that of grants its `request.calendar`."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.models import Locality, User
from core.models.users import OFFICER_ROLES
from core.web.filters import FilterSet, RowFilter, SearchFilter
from grants.models import Flag, Fund, Grant, OutcomeReturn, Payment
from grants.models.decisions import APPROVED, IS_AWAITING_FIRST_PAYMENT, GrantQuerySet
from grants.models.flags import LEVEL_LABELS, RULE_LABELS, FlagQuerySet
from grants.queries.decisions import RUNS, ends_within, funded
from grants.queries.gaps import GAPS
from grants.queries.returns import STATES, returns_in_state
from grants.queries.standard import STANDARD, at_standard
from providers.models import Organisation

GRANT_STATES: dict[str, tuple[str, Callable[[date], Q]]] = {
    "undecided": ("No decision recorded", lambda on: Q(decision__isnull=True)),
    "waiting": ("Approved, not paid", lambda on: IS_AWAITING_FIRST_PAYMENT),
    "running": (
        "Paid and running",
        lambda on: RUNS & Q(first_paid_on__isnull=False) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on)),
    ),
    "ended": ("Ended, not closed", lambda on: RUNS & Q(ends_on__lt=on)),
    "closed": ("Closed", lambda on: Q(closed_on__isnull=False)),
    "withdrawn": ("Withdrawn", lambda on: Q(withdrawn_on__isnull=False)),
    "funded": ("Funded, or no decision recorded", funded),
    "declined": ("Not approved", lambda on: Q(decision__isnull=False) & ~Q(decision__in=APPROVED)),
}
ENDS_WITHIN = {"3": "3 months", "6": "6 months", "12": "12 months"}
TRACKED = {"yes": "Tracked", "no": "Not tracked: cannot be assessed"}
LEVEL_CHOICES = [
    ("any", "Any flag"),
    *((level.value, label) for level, label in LEVEL_LABELS.items()),
    ("none", "No flag"),
]


def _funds(request: Any) -> QuerySet[Fund]:
    return Fund.objects.filter(is_illustrative=request.illustrative)


def _localities(request: Any) -> QuerySet[Locality]:
    return Locality.objects.filter(is_illustrative=request.illustrative)


def _officers(request: Any) -> QuerySet[User]:
    return User.objects.filter(role__in=OFFICER_ROLES, is_active=True)


def has_flag(**condition: Any) -> Q:
    """Grants with a standing flag, of their own or of an instalment or clock stop, that meets the condition."""
    standing = Flag.objects.standing().filter(**condition).order_by()
    own, *others = (
        Q(pk__in=standing.filter(**{f"{path}__isnull": False}).values(path))
        for path in ("grant", "instalment__grant", "clock_stop__grant")
    )
    for other in others:
        own |= other
    return own


class GrantFilter(FilterSet):
    """The register's filters for officers."""

    search = django_filters.CharFilter(label="Search or payment ref", method="matching")
    fund = RowFilter(_funds, key="code", label="Fund", field_name="fund__code")
    locality = RowFilter(_localities, key="slug", label="Locality", field_name="localities__slug")
    state = django_filters.ChoiceFilter(
        label="State", choices=[(key, words) for key, (words, _) in GRANT_STATES.items()], method="in_state"
    )
    ends = django_filters.ChoiceFilter(
        label="Ends within", choices=list(ENDS_WITHIN.items()), method="ends_within"
    )
    standard = django_filters.ChoiceFilter(
        label="Payment standard", choices=list(STANDARD.items()), method="by_standard"
    )
    level = django_filters.ChoiceFilter(label="Level", choices=LEVEL_CHOICES, method="at_level")
    tracked = django_filters.ChoiceFilter(label="Tracked", choices=list(TRACKED.items()), method="is_tracked")
    missing = django_filters.ChoiceFilter(
        label="Not known", choices=[(gap.key, gap.what) for gap in GAPS.values()], method="has_gap"
    )

    class Meta:
        model = Grant
        fields: list[str] = []

    def matching(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants with the text in their title, reference or provider, or with just that reference on a payment. Each
        provider is looked at once, not each time it leads a grant."""
        providers = Organisation.objects.filter(name__icontains=value).order_by().values("pk")
        paid = Payment.objects.filter(reference=value).order_by().values("grant")
        return grants.filter(
            Q(title__icontains=value)
            | Q(ref__icontains=value)
            | Q(lead_provider__in=providers)
            | Q(pk__in=paid)
        )

    def in_state(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants in one stage of their life."""
        return grants.filter(GRANT_STATES[value][1](self.request.on))

    def ends_within(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants that end from today until so many months on."""
        return grants.filter(ends_within(self.request.on, int(value)))

    def by_standard(self, grants: GrantQuerySet, name: str, value: str) -> QuerySet[Grant]:
        """Grants that a payment standard is asked of, or that stand against it in one way."""
        return grants.filter(at_standard(grants, value, self.request.on, self.request.calendar))

    def at_level(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants with a flag of that level, with any, or with none though they are tracked."""
        if value == "none":
            return grants.filter(tracked_from__isnull=False).exclude(has_flag())
        return grants.filter(has_flag() if value == "any" else has_flag(level=value))

    def is_tracked(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants that the council records, or those that it does not."""
        return grants.filter(tracked_from__isnull=value == "no")

    def has_gap(self, grants: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Grants of which one thing is not known."""
        return grants.filter(GAPS[value].has_it(self.request.on))


class ScrutinyGrantFilter(GrantFilter):
    """Scrutiny's filters: those of the completeness page are the council's work list."""

    missing = None


class ProviderGrantFilter(GrantFilter):
    """A provider's filters: its own grants, without the council's flags."""

    standard = None
    level = None
    tracked = None
    missing = None


class FlagFilter(FilterSet):
    """Flags by rule, level, owner, and whether they still stand."""

    rule = django_filters.ChoiceFilter(
        label="Rule", choices=[(r.value, words) for r, words in RULE_LABELS.items()]
    )
    level = django_filters.ChoiceFilter(
        label="Level", choices=[(v.value, words) for v, words in LEVEL_LABELS.items()]
    )
    owner = RowFilter(_officers, label="Owner", null_label="Nobody")
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[
            ("decision", "Waiting for a decision"),
            ("all", "Snoozed too"),
            ("snoozed", "Only snoozed"),
            ("cleared", "Cleared"),
        ],
        empty_label="Standing",
        method="shown",
    )

    class Meta:
        model = Flag
        fields: list[str] = []

    def shown(self, flags: FlagQuerySet, name: str, value: str) -> QuerySet[Flag]:
        """Other flags than those that stand awake; the view starts from all of them."""
        if value == "cleared":
            return flags.filter(cleared_on__isnull=False)
        if value == "decision":
            return flags.standing().awake().asking_a_decision()
        if value == "snoozed":
            return flags.standing().exclude(pk__in=Flag.objects.standing().awake().order_by().values("pk"))
        return flags.standing()

    @property
    def shown_words(self) -> str:
        """What is said of their number, where not all stand awake. A cleared flag keeps its last level."""
        words = {"cleared": " cleared, by their last level", "snoozed": " snoozed"}
        return next((words.get(value, "") for name, value in self.active() if name == "show"), "")

    @property
    def qs(self) -> QuerySet[Flag]:
        """Standing and awake unless the reader asks for more."""
        if not hasattr(self, "_shown"):
            found = super().qs
            asked = self.is_bound and self.form.is_valid() and self.form.cleaned_data.get("show")
            self._shown = found if asked else found.standing().awake()
        return self._shown


class ReturnFilter(FilterSet):
    """Returns by state and grant."""

    search = SearchFilter(
        ["grant__title__icontains", "grant__ref__icontains", "grant__lead_provider__name__icontains"]
    )
    state = django_filters.ChoiceFilter(label="State", choices=list(STATES.items()), method="in_state")

    class Meta:
        model = OutcomeReturn
        fields: list[str] = []

    def in_state(self, returns: QuerySet[OutcomeReturn], name: str, value: str) -> QuerySet[OutcomeReturn]:
        """Late, due, submitted, sent back or accepted."""
        return returns.filter(returns_in_state(value, self.request.on))
