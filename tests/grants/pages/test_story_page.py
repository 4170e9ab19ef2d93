"""`/grants/<ref>/`: the sentence, the one main action, what each role may see of the story."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from core.records import remove, write
from grants.models import Grant, GrantPartner
from tests.conftest import ClientFor
from tests.factories import make_award, make_grant, make_instalment, make_payment_row
from tests.factories.people import People, make_organisation
from tests.grants.pages.scene import SECRET_WORDS, UNIQUE_CASELOAD, Scene
from tests.reading import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

COUNCIL = ("commissioner", "finance", "administrator", "scrutiny")


def story(client_for: ClientFor, role: str, grant: Grant) -> str:
    """The page as its reader gets it."""
    response = client_for(role).get(f"/grants/{grant.ref}/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_sentence_says_how_long_and_against_which_standard(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "commissioner", scene.late)
    assert "This grant was approved 31 working days ago and has not been paid." in page
    assert "The council’s time is 1 working day; the standard is 21. 6% of its funded time has gone." in page


def test_a_paid_grant_says_whose_time_it_was(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "finance", scene.paid)
    assert (
        "Paid 21 working days after it was approved; 21 were the council’s time, and the standard is 21."
        in page
    )


def test_an_end_within_a_year_says_how_many_are_left(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "commissioner", scene.ending)
    assert (
        "It ends on 31 January 2027; 26 families on the last return have no confirmed support after it."
        in page
    )
    assert "The latest safe date to announce a new round" in page


def test_what_blocks_the_payment_is_named_with_who_and_how_long(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "finance", scene.late)
    assert "Agreement not signed (the provider, 30 working days)" in page
    assert "Safeguarding policy not seen (the provider, 30 working days)" in page


def test_an_untracked_grant_says_that_it_cannot_be_assessed(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "commissioner", scene.untracked)
    assert "Not tracked: the payments, returns and ending are not recorded here" in page
    assert "March 2025, as published" in page
    assert "working days of council" not in page


def steps_of(page: str) -> list[str]:
    """The steps of the timeline, each as its words."""
    timeline = page.split('<ol class="app-timeline"')[1].split("</ol>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", step).split()) for step in timeline.split("<li ")[1:]]


@pytest.mark.parametrize("over", [{}, {"withdrawn_on": date(2026, 11, 2)}, {"closed_on": date(2026, 11, 2)}])
def test_of_an_untracked_grant_nobody_waits_for_the_decision(
    over: dict[str, date], scene: Scene, client_for: ClientFor
) -> None:
    Grant.objects.filter(pk=scene.untracked.pk).update(**over)
    (decided, *_) = (
        step for step in steps_of(story(client_for, "finance", scene.untracked)) if "Decided" in step
    )
    assert decided.endswith("Decided not known")
    Grant.objects.filter(pk=scene.untracked.pk).update(decided_about="2023-06")
    assert any(
        step.endswith("Decided June 2023") for step in steps_of(story(client_for, "finance", scene.untracked))
    )


def test_an_untracked_payment_is_not_due(client_for: ClientFor) -> None:
    steps = steps_of(story(client_for, "finance", make_grant(tracked=False)))
    assert any(step.endswith("First payment not known not recorded") for step in steps)


def test_a_tracked_grant_waits_for_its_decision(scene: Scene, client_for: ClientFor) -> None:
    steps = steps_of(story(client_for, "finance", scene.undecided))
    assert any(step.endswith("Decided waiting") for step in steps)


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"planned_start": None, "starts_about": "2024-04"}, "April 2024, as published"),
        ({"planned_start": None, "starts_about": "2023"}, "2023, as published"),
        ({"planned_start": date(2026, 11, 2)}, "2 November 2026"),
        ({"planned_start": None}, "not known"),
    ],
)
def test_the_planned_start_is_shown_as_precisely_as_it_is_known(
    dates: dict[str, date | str | None], words: str, client_for: ClientFor
) -> None:
    grant = make_grant(**dates)
    facts = dict(client_for("scrutiny").get(f"/grants/{grant.ref}/").context["facts"][1:])
    assert facts["Planned start"] == words
    assert words in story(client_for, "commissioner", grant)


def test_who_commissions_pays_and_funds_is_shown_where_it_is_recorded(
    people: People, client_for: ClientFor
) -> None:
    organisations = {"Community Safety Partnership", "Public Health", "Police and Crime Commissioner"}
    commissioner, payer, funder = (make_organisation(name=name) for name in sorted(organisations))
    award = make_award(funder=funder)
    own = {"lead_provider": people.organisation}
    known = make_grant(commissioner=commissioner, payer=payer, funding_award=award, **own)
    not_known = make_grant(funding_award=make_award(funder=None), **own)
    labels = {"Commissioner", "Paid to the provider by", "Funder"}
    for role in (*COUNCIL, "provider"):
        page = story(client_for, role, known)
        assert all(name in page for name in organisations), role
        facts = client_for(role).get(f"/grants/{not_known.ref}/").context["facts"]
        assert not labels & {fact[0] for fact in facts}, role


@pytest.mark.parametrize(
    ("role", "name", "action"),
    [
        ("commissioner", "late", "Record that the agreement was signed"),
        ("finance", "late", "Record the check: safeguarding policy"),
        ("finance", "ending", "Record the payment of £4,500"),
        ("commissioner", "ending", "Plan for the end"),
        ("provider", "paid", "Confirm you received £4,500"),
        ("provider", "late", "Tell us who you support"),
        ("scrutiny", "late", None),
        ("commissioner", "untracked", None),
    ],
)
def test_the_green_button_is_the_next_thing_this_reader_can_do(
    role: str, name: str, action: str | None, scene: Scene, client_for: ClientFor
) -> None:
    response = client_for(role).get(f"/grants/{getattr(scene, name).ref}/")
    main = response.context["actions"].main
    assert (main.label if main else None) == action
    if main:
        assert client_for(role).get(main.url).status_code == 200


def test_whoever_decided_is_not_offered_the_payment(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    Grant.objects.filter(pk=scene.ending.pk).update(decided_by=people.finance)
    response = client_for("finance").get(f"/grants/{scene.ending.ref}/")
    assert response.context["actions"].main is None
    assert not response.context["actions"].money


def test_every_action_on_the_page_opens_for_its_reader(scene: Scene, client_for: ClientFor) -> None:
    for role in (*COUNCIL, "provider"):
        for name in ("late", "paid", "ending", "untracked", "undecided"):
            client = client_for(role)
            offered = client.get(f"/grants/{getattr(scene, name).ref}/").context["actions"]
            links = [*offered.money, *offered.terms, *offered.people, *offered.ending]
            urls = [action.url for action in links] + [url for _, url in offered.payments.values()]
            assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200), (
                role,
                name,
            )


@pytest.mark.parametrize("name", ["late", "paid", "ending"])
def test_scrutiny_reads_no_people_and_no_free_text(name: str, scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "scrutiny", getattr(scene, name))
    assert SECRET_WORDS not in page
    assert f"{UNIQUE_CASELOAD:,}" not in page
    assert str(UNIQUE_CASELOAD) not in without_tokens(page)
    assert "26 families" not in page
    assert "Numbers of families are in the sustainability report" in page
    assert "History" not in page


def test_officers_do_read_what_scrutiny_does_not(scene: Scene, client_for: ClientFor) -> None:
    page = story(client_for, "commissioner", scene.late)
    assert SECRET_WORDS in page
    assert f"{UNIQUE_CASELOAD:,} families" in page
    assert "History" in page


def test_a_provider_reads_its_own_story_without_notes_flags_and_history(
    scene: Scene, client_for: ClientFor
) -> None:
    page = story(client_for, "provider", scene.ending)
    assert SECRET_WORDS not in page
    assert "History" not in page
    assert "/flags/" not in page
    assert "26 families" in page


@pytest.mark.parametrize("role", ["provider", "other_provider"])
def test_another_providers_grant_is_not_there(role: str, scene: Scene, client_for: ClientFor) -> None:
    grant = scene.others if role == "provider" else scene.late
    assert client_for(role).get(f"/grants/{grant.ref}/").status_code == 404


def test_a_grant_that_does_not_exist_is_not_there(scene: Scene, client_for: ClientFor) -> None:
    assert client_for("commissioner").get("/grants/no-such-grant/").status_code == 404


def test_the_band_follows_the_grant(scene: Scene, client_for: ClientFor) -> None:
    assert "Published facts" in story(client_for, "commissioner", scene.real)
    assert "Illustrative data" in story(client_for, "commissioner", scene.late)


def test_the_history_says_who_what_and_why(scene: Scene, people: People, client_for: ClientFor) -> None:
    grant = scene.late
    grant.ends_on = date(2027, 9, 30)
    grant._change_reason = "Agreed with the school"  # type: ignore[attr-defined]
    grant._history_user = people.commissioner  # type: ignore[attr-defined]
    # An hour later: what is written at one moment stands in no order that means something.
    with time_machine.travel(datetime(2026, 11, 21, 13, tzinfo=UTC), tick=False):
        grant.save()
    rows = client_for("administrator").get(f"/grants/{grant.ref}/").context["history"].data.data
    change = rows[0]
    assert (change.what, change.details) == ("Grant changed", "ends 30 September 2027")
    assert (change.who, change.why) == (people.commissioner.name, "Agreed with the school")


def test_the_history_has_the_partners(people: People, client_for: ClientFor) -> None:
    grant, school = make_grant(), make_organisation(name="Castle Academy")
    partner = GrantPartner(grant=grant, organisation=school, role="school")
    write(partner, by=people.commissioner, reason="Joined in May")
    remove(partner, by=people.administrator, reason="Left in June")
    rows = client_for("administrator").get(f"/grants/{grant.ref}/").context["history"].data.data
    partners = [row for row in rows if row.what.startswith("Partner")]
    assert [(row.what, row.details, row.who, row.why) for row in partners] == [
        ("Partner: Castle Academy removed", "", people.administrator.name, "Left in June"),
        ("Partner: Castle Academy recorded", "as school", people.commissioner.name, "Joined in May"),
    ]


def test_a_reversed_payment_is_shown_with_its_sign(people: People, client_for: ClientFor) -> None:
    grant = make_grant(title="Reversed", finance_owner=people.finance)
    payment = make_payment_row(grant, instalment=make_instalment(grant))
    make_payment_row(grant, kind="reversal", reverses=payment, reason="Wrong account", keep_dates=False)
    page = story(client_for, "finance", grant)
    assert "−£4,500" in page
    assert "paid £0" in page


def test_a_decision_of_which_only_the_year_is_known_is_not_called_none(client_for: ClientFor) -> None:
    page = story(client_for, "commissioner", make_grant(decided=False, decided_about="2026"))
    assert "The day of the decision is not known (2026)." in page
    assert "No decision is recorded yet" not in page
    assert "Record the day of the decision" in page


def test_what_of_the_award_no_instalment_is_for_is_said(client_for: ClientFor) -> None:
    grant = make_grant()
    first = make_instalment(grant, amount=14_000)
    words = "of the award is not in the payment schedule."
    link = f'href="/grants/{grant.ref}/vary/"'
    assert f"£4,000 {words}" in story(client_for, "finance", grant)
    for role, times in (("commissioner", 2), ("finance", 0)):
        assert story(client_for, role, grant).count(link) == times
    make_payment_row(grant, amount=1_000)
    assert f"£3,000 {words}" in story(client_for, "finance", grant)
    make_instalment(grant, amount=3_000)
    assert words not in story(client_for, "finance", grant)
    first.amount = None
    first.save()
    assert words not in story(client_for, "finance", grant)
    closed = make_grant(closed_on=date(2026, 11, 2))
    for one in (
        closed,
        make_grant(decided=False),
        make_grant(tracked=False),
        make_grant(amount_awarded=None),
    ):
        assert words not in story(client_for, "finance", one)
