"""What narrows each list of the ground floor."""

import django_filters
from django.db.models import QuerySet

from core.models import Delivery, DeliveryState, Message
from core.web.filters import FilterSet

READ = {"unread": "Unread", "read": "Read"}


class MessageFilter(FilterSet):
    """Read or not."""

    read = django_filters.ChoiceFilter(label="Show", choices=list(READ.items()), method="by_read")

    class Meta:
        model = Message
        fields: list[str] = []

    def by_read(self, queryset: "QuerySet[Message]", name: str, value: str) -> "QuerySet[Message]":
        """Only what was read, or only what was not."""
        return queryset.filter(read_at__isnull=value == "unread")


class DeliveryFilter(FilterSet):
    """How far an e-mail is."""

    state = django_filters.ChoiceFilter(label="State", choices=DeliveryState.choices)

    class Meta:
        model = Delivery
        fields: list[str] = []
