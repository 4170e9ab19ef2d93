"""`/grants/<ref>/`: one grant's whole story."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from core.calendar import working_days
from core.models import Role
from core.rules.working_days import WorkingDays
from core.web.context import BANDS
from core.web.formats import day
from core.web.views import Guarded
from grants.queries.history import Change, history_of
from grants.queries.story import Story, story, story_grants
from grants.queries.worklist import checked_on
from grants.rules.blocking import PROVIDER, Block, Blocker
from grants.tables import (
    CheckTable,
    CoverTable,
    HistoryTable,
    NoticeTable,
    PaymentTable,
    ScheduleTable,
    StopTable,
    StoryReturnTable,
)
from grants.tables.cells import people
from grants.views import story_words as words
from grants.views.flag_facts import CHECKED_AT, checked_words
from grants.views.story_actions import Actions, Allowed, actions, clearing, permissions_of, waits_for_a_claim

READERS = (Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR, Role.SCRUTINY, Role.PROVIDER)
PEOPLE_LATER = "Numbers of families are in the sustainability report, where small ones are not shown."
NOT_STOPPED = "The clock is not stopped: these days count as the council’s."
CHANGES_SHOWN = 15
PLAIN_BLOCKS = {Block.CONDITION: "Condition not met", Block.CLOCK_STOP: "Clock stopped"}


def _changed_since(changes: Sequence[Change], checked: date | None, checked_at: str = "") -> bool:
    """Whether something was recorded since the flags were judged; a pass has a day and no hour, so its day counts.

    `checked_at` is the moment of the reader's own last pass, which knows all that was recorded before it.
    """
    if not changes or (checked_at and changes[0].at <= datetime.fromisoformat(checked_at)):
        return False
    return checked is None or timezone.localtime(changes[0].at).date() >= checked


class GrantPage(Guarded, TemplateView):
    """Header, sentence, what to do, timeline, money, families, ending, history."""

    template_name = "grants/story.html"
    roles = READERS

    def prepare(self) -> None:
        """Find the grant among those that the person may see."""
        grant = story_grants(self.person, self.today).filter(ref=self.kwargs["ref"]).first()
        if grant is None:
            raise Http404
        self.grant = grant

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The story in words, tables and links."""
        calendar = working_days()
        told = story(self.grant, reader=self.person, on=self.today, calendar=calendar)
        allowed = permissions_of(self.person, told)
        offered = actions(told, allowed, self.person)
        reads_words = self.person.role != Role.SCRUTINY
        context = {
            "title": self.grant.title,
            "story": told,
            "grant": self.grant,
            "headline": words.headline(told),
            "tags": [(flag.level, words.tag_words(flag), self._flag_url(flag.pk)) for flag in told.flags],
            "unscheduled": words.unscheduled_words(told),
            "vary_url": reverse("vary_grant", args=[self.grant.ref]) if allowed("vary_grant") else "",
            "steps": words.timeline(told, calendar),
            "times": words.times(told),
            "actions": offered,
            "blockers": [
                self._blocker(told, blocker, allowed, calendar)
                for blocker in told.blockers
                if not waits_for_a_claim(blocker)
            ],
            "claims": [
                {"words": words.claim_words(told), "action": clearing(told, blocker, allowed)}
                for blocker in told.blockers
                if waits_for_a_claim(blocker)
            ],
            "facts": self._facts(),
            "summary": self.grant.summary if reads_words or self.grant.source else "",
            "safe_words": words.safe_words(told),
            "people_later": "" if told.support else PEOPLE_LATER,
        }
        context |= self._tables(told, offered, allowed, calendar)
        context |= self._ending(told, allowed)
        checked = checked_on() if told.flags else None
        if told.flags:
            context["checked"] = checked_words(checked)
        if self.person.is_officer:
            context |= self._history(checked)
        if settings.MODE != "production":
            context |= {"band": BANDS[self.grant.fund.is_illustrative], "band_switch": ""}
        return super().get_context_data(**kwargs, **context)

    def _history(self, checked: date | None) -> dict[str, Any]:
        """The newest changes, or all of them when asked; whether there are any that the flags may not know yet."""
        changes = history_of(self.grant)
        shown = changes if self.request.GET.get("history") == "all" else changes[:CHANGES_SHOWN]
        return {
            "history": HistoryTable(shown, orderable=False),
            "older_changes": len(changes) - len(shown),
            "changed_since": _changed_since(changes, checked, self.request.session.get(CHECKED_AT, "")),
        }

    def _flag_url(self, key: int) -> str:
        return reverse("flag", args=[key]) if self.person.is_officer else ""

    def _blocker(self, told: Story, blocker: Blocker, allowed: Allowed, calendar: Any) -> dict[str, Any]:
        """What is in the way, whose it is, for how long; without free text for scrutiny."""
        what = (
            blocker.what
            if self.person.role != Role.SCRUTINY
            else PLAIN_BLOCKS.get(blocker.block, blocker.what)
        )
        return {
            "what": what,
            "who": words.waits_on_words(blocker.who, reader_is_provider=self.person.is_provider)
            if self.person.role != Role.SCRUTINY or blocker.who in ("provider", "funder", "council")
            else "a named person",
            "how_long": words.waiting_words(blocker.since, self.today, calendar),
            "clears_when": blocker.clears_when,
            "action": clearing(told, blocker, allowed),
            "aside": self._aside(told, blocker),
        }

    def _aside(self, told: Story, blocker: Blocker) -> str:
        """What the provider is to do; for an officer, that the days still count as the council's."""
        if blocker.who != PROVIDER:
            return ""
        if self.person.is_provider:
            officer = told.grant.lead_officer
            return f"Send what is missing to {officer.name if officer else 'the council'}."
        stopped = any(stop.ended_on is None and stop.waiting_on == PROVIDER for stop in told.stops)
        return "" if stopped or not self.person.is_officer else NOT_STOPPED

    def _facts(self) -> list[tuple[Any, ...]]:
        """Who and what, for the reader's role."""
        grant = self.grant
        partners = [
            ("Fund", grant.fund.name, reverse("fund", args=[grant.fund.code]), "See")
            if self.person.is_council
            else ("Fund", grant.fund.name),
            ("Lead provider", grant.lead_provider),
        ]
        award = grant.funding_award
        others = [
            ("Commissioner", grant.commissioner),
            ("Paid to the provider by", grant.payer),
            ("Funder", award.funder if award else None),
        ]
        return [
            *partners,
            *((label, organisation) for label, organisation in others if organisation),
            ("Award type", grant.get_award_type_display() if grant.award_type else None),
            ("Purpose", grant.get_purpose_display() if grant.purpose else None),
            ("Planned start", self._planned_start()),
            ("Lead officer", grant.lead_officer),
            ("Finance owner", grant.finance_owner),
            ("Tracked from", day(grant.tracked_from) if grant.tracked_from else "not tracked"),
        ]

    def _planned_start(self) -> str:
        """The day, or the month or year that was published."""
        grant = self.grant
        as_published = "" if grant.planned_start or not grant.starts_about else ", as published"
        return day(grant.planned_start or grant.starts_about) + as_published

    def _tables(
        self, told: Story, offered: Actions, allowed: Allowed, calendar: WorkingDays
    ) -> dict[str, Any]:
        """The evidence below the answer."""
        schedule = ScheduleTable(told.schedule, orderable=False)
        payments = PaymentTable(told.payments, links=offered.payments, standing=told.standing)
        ref = self.grant.ref if allowed("stop_clock") else ""
        over_on = self.grant.withdrawn_on or self.grant.closed_on
        until = min(self.today, over_on or self.today)
        stops = StopTable(told.stops, until=until, over=over_on is not None, calendar=calendar, ref=ref)
        if self.person.role == Role.SCRUTINY:
            stops.columns.hide("reason")
            schedule.columns.hide("condition")
            payments.columns.hide("reference")
        checks = CheckTable(told.checks, on=self.today, ref=self.grant.ref if allowed("record_check") else "")
        return {"schedule": schedule, "payments": payments, "checks": checks, "stops": stops}

    def _ending(self, told: Story, allowed: Allowed) -> dict[str, Any]:
        """Families and what happens to them, where the reader may know."""
        support = told.support
        if support is None:
            return {}
        notices = NoticeTable(told.notices, orderable=False)
        if self.person.is_provider:
            notices.columns.hide("note")
        ref = self.grant.ref if allowed("record_plan") else ""
        return {
            "returns": StoryReturnTable(told.returns, on=self.today),
            "covers": CoverTable(told.covers, ref=ref, unit=support.unit),
            "notices": notices,
            "supported": people(support.caseload, support.unit),
            "left": people(support.uncovered, support.unit),
        }
