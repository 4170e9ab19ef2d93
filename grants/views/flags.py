"""`/flags/` and `/flags/<id>/`: what is slow, what is ending, who owns it, what would clear it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from core.errors import ActionRefused
from core.web.formats import counted, day
from core.web.views import Guarded, ListPage
from grants.filters import FlagFilter
from grants.models import Flag, FlagEvent, Grant
from grants.models.flags import LEVEL_LABELS
from grants.operations.flag_pass import raise_flags
from grants.operations.flag_writer import Tally
from grants.queries.judged_now import DEPEND_ON_DAYS, judged_now
from grants.queries.tracking import tracking
from grants.queries.worklist import FlagRow, awake_and_snoozed, checked_on, flag_row, flag_rows
from grants.rules.levels import RANK, Level
from grants.rules.sentences import why
from grants.tables import FlagTable
from grants.tables.flags import RiskTable
from grants.views.flag_actions import Asked, Main, acts_on, main_of
from grants.views.flag_facts import CHECKED_AT, checked_words, fact_rows, risk_parts
from grants.views.story_actions import Action

WORST_FIRST = sorted(Level, key=lambda level: -RANK[level])
QUIET = "No flag stands. Nothing is late, and nothing ends without cover."


class FlagsPage(ListPage):
    """Flags that stand, most harm first."""

    template_name = "grants/flags.html"
    title = "Flags: what is slow, what is ending, and who owns it"
    noun = ("flag", "flags")
    permission = "grants.view_flags"
    table_class = FlagTable
    filterset_class = FlagFilter
    order_by = "level"
    request: HttpRequest
    untracked = 0

    def queryset(self) -> QuerySet[Flag]:
        """The flags of this register."""
        return Flag.objects.visible_to(self.person).in_register(illustrative=self.illustrative)

    def summary(self, queryset: QuerySet[Flag], count: str) -> str:
        """ "12 flags: 1 critical, 3 late, 8 watch"."""
        found = dict(queryset.order_by().values_list("level").annotate(n=Count("pk")))
        parts = [f"{found[level]:,} {LEVEL_LABELS[level].lower()}" for level in WORST_FIRST if level in found]
        stand = f"{count}{getattr(self.filterset, 'shown_words', '')}: {', '.join(parts)}" if parts else count
        known = tracking(self.person, illustrative=self.illustrative)
        self.untracked = known.untracked
        filtered = self.filterset is not None and self.filterset.is_filtered
        return known.beside(stand if parts or filtered or not self.untracked else "No flag stands")

    def records(self, page: QuerySet[Flag]) -> Sequence[FlagRow]:
        """In words as they are true today, with what each is about."""
        found = list(page)
        return flag_rows(found, judged_now(found, on=self.today))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the day of the last pass."""
        context = super().get_context_data(checked=checked_words(checked_on()), **kwargs)
        return {**context, "quiet": "No flag stands." if self.untracked else QUIET}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to a flag, in words."""

    on: date
    who: str
    what: str
    words: str


class FlagPage(Guarded, TemplateView):
    """One flag: the sentence, what clears it, who owns it, the facts, what people did and said."""

    template_name = "grants/flag.html"
    permission = "grants.view_flags"

    def prepare(self) -> None:
        """Find the flag among those that the person may see."""
        found = Flag.objects.visible_to(self.person).filter(pk=self.kwargs["pk"])
        flag = found.select_related("owner", "snoozed_by", "acknowledged_by", "funding_award").first()
        if flag is None:
            raise Http404
        self.flag = flag

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The flag in words, as the rule has it today where the days that pass change it."""
        flag = self.flag
        row = flag_row(flag, judged_now([flag], on=self.today, rules=DEPEND_ON_DAYS))
        return super().get_context_data(
            title=f"{row.rule_words}: {row.subject}",
            flag=flag,
            row=row,
            judged=self._judged(row),
            state=self._state(),
            facts=fact_rows(row.facts),
            judged_facts=fact_rows(flag.facts) if row.judged_why else [],
            risk=self._risk(),
            events=[event_line(event) for event in flag.events.select_related("by")[:100]],
            checked=checked_words(checked_on()),
            **self._actions(row),
            **kwargs,
        )

    def _judged(self, row: FlagRow) -> str:
        """What the flag said on the day of its last event, or that it has said the same since."""
        on = date.fromisoformat(self.flag.facts["on"])
        if row.judged_why:
            return f"As judged on {day(on)}: {row.judged_why}"
        return (
            f"Unchanged since {day(on)}."
            if row.holds and not self.flag.cleared_on and on < self.today
            else ""
        )

    def _risk(self) -> RiskTable | None:
        """How the pounds that may go back to the funder follow."""
        award = self.flag.funding_award
        if award is None:
            return None
        return RiskTable(risk_parts(self.flag.facts, award.spent_means), orderable=False)

    def _actions(self, row: FlagRow) -> dict[str, Any]:
        """The one main thing, who can do it, the acts on the flag, and what else the flag is about."""
        named, links = self._about(row)
        if self.flag.cleared_on is not None:
            return {"links": links}
        asked = Asked(self.flag, row, self.person, self.today, links, named)
        main = main_of(asked) if row.holds else Main(None)
        return {
            "main": main,
            "acts": acts_on(self.flag),
            "links": [link for link in links if link != main.action],
        }

    def _about(self, row: FlagRow) -> tuple[list[Grant], list[Action]]:
        """The grants that a flag on a place names, and the pages of what a flag is about or of what it names."""
        if row.ref:
            return [], [_open(row.subject, "grant", row.ref)]
        if row.fund_code:
            return [], [_open(row.subject, "fund", row.fund_code)]
        award = self.flag.funding_award
        if award is not None:
            return [], [_open(fund.name, "fund", fund.code) for fund in award.funds.order_by("name")]
        found = Grant.objects.visible_to(self.person).filter(ref__in=self.flag.facts.get("refs", []))
        named = list(found.order_by("ends_on"))
        return named, [_open(f"{grant.title} ({grant.ref})", "grant", grant.ref) for grant in named]

    def _state(self) -> list[tuple[str, Any]]:
        flag = self.flag
        rows: list[tuple[str, Any]] = [
            ("Owner", flag.owner or "nobody"),
            ("Act by", day(flag.act_by) if flag.act_by else "no date set"),
            ("Raised", day(flag.opened_on)),
            ("At this level since", day(flag.level_since)),
        ]
        if flag.acknowledged_by:
            rows.append(("Acknowledged", f"{flag.acknowledged_by}, {day(flag.acknowledged_on)}"))
        if flag.snoozed_by:
            rows.append(("Snoozed", f"{flag.snoozed_by}, {day(flag.snoozed_on)}, until its level rises"))
        if flag.cleared_on:
            rows.append(("Cleared", f"{day(flag.cleared_on)}: the condition no longer holds"))
        return rows


def _open(words: str, name: str, key: str) -> Action:
    return Action(f"Open {words}", reverse(name, args=[key]))


def event_line(event: FlagEvent) -> EventLine:
    """What a rule or a person did, and the sentence or note that went with it."""
    words = event.note or (why(event.flag.rule, event.level, event.facts) if event.facts else "")
    level = LEVEL_LABELS[Level(event.level)].lower()
    return EventLine(event.on, str(event.by), f"{event.get_kind_display()} ({level})", words)


class CheckFlags(Guarded, View):
    """The button that runs the pass now."""

    permission = "grants.view_flags"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Bring the flags to today, say what that changed, and go back to the page that asked."""
        at = timezone.now()
        try:
            done = raise_flags(on=self.today, by=self.person, at=at)
        except ActionRefused as refusal:
            messages.error(request, refusal.message)
        else:
            request.session[CHECKED_AT] = at.isoformat()
            messages.success(request, self._done(done.tallies[self.illustrative]))
        back = request.POST.get("next", "")
        known = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if known else reverse("flags"))

    def _done(self, tally: Tally) -> str:
        """What changed in this register, and what stands as its list shows it."""
        awake, snoozed = awake_and_snoozed(self.person, illustrative=self.illustrative)
        changed = f"{counted(tally.opened, 'flag')} raised, {tally.changed:,} changed level, {tally.cleared:,} cleared"
        aside = f", and {counted(snoozed, 'more is', 'more are')} snoozed" if snoozed else ""
        return f"Checked. {changed}; {counted(awake, 'stands', 'stand')}{aside}."
