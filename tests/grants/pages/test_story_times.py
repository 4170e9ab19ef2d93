"""The times and levels on a grant's page: one source, and no time runs on after the end."""

import re
from datetime import date

import pytest

from grants.models import FlagPass, Grant
from tests.conftest import ClientFor
from tests.factories import make_agreement, make_flag, make_grant, make_instalment, make_stop
from tests.factories.people import People
from tests.grants.pages.scene import CLIFF_FACTS, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def story(client_for: ClientFor, role: str, grant: Grant) -> str:
    """The page as its reader gets it."""
    return str(client_for(role).get(f"/grants/{grant.ref}/").content.decode())


@pytest.mark.parametrize(
    ("over", "headline"),
    [
        (
            {"withdrawn_on": date(2026, 11, 6)},
            "Withdrawn on 6 November 2026: withdrawn after 20 working days, never paid.",
        ),
        (
            {"closed_on": date(2026, 11, 6)},
            "Closed on 6 November 2026 after 20 working days, never paid.",
        ),
    ],
)
def test_time_stops_when_a_grant_ends_unpaid(
    over: dict[str, object], headline: str, people: People, client_for: ClientFor
) -> None:
    grant = make_grant(title="Over", planned_start=date(2026, 10, 1), **over)
    make_instalment(grant, due_on=date(2026, 10, 12))
    response = client_for("commissioner").get(f"/grants/{grant.ref}/")
    page = response.content.decode()
    assert headline in page
    figures = {words: figure for figure, words in response.context["times"]}
    assert [figure for words, figure in figures.items() if "never paid: the total wait" in words] == ["20"]
    assert "so far" not in page
    assert "never paid</strong>" in page
    assert "late</strong>" not in page


def test_the_days_that_waited_for_the_funder_are_said_to_be_council_s_time(
    people: People, client_for: ClientFor
) -> None:
    """Decided on 9 October 2026: 31 working days to 21 November, ten of them on the funder, none taken off."""
    grant = make_grant()
    make_instalment(grant, due_on=date(2026, 10, 9))
    make_stop(grant, waiting_on="funder", started_on=date(2026, 10, 12), ended_on=date(2026, 10, 26))
    (council, *_) = client_for("finance").get(f"/grants/{grant.ref}/").context["times"]
    words = "working days of council’s time so far, of which 10 waiting for the funder; the standard is 21"
    assert council == ("31", words)


def test_the_provider_is_waited_for_as_long_on_the_timeline_as_in_the_figures(
    people: People, client_for: ClientFor
) -> None:
    grant = make_grant(title="Waiting")
    make_agreement(grant, issued_on=date(2026, 10, 12), signed_on=None, countersigned_on=None)
    make_instalment(grant)
    make_stop(grant, started_on=date(2026, 10, 30))
    response = client_for("commissioner").get(f"/grants/{grant.ref}/")
    (figure,) = (figure for figure, words in response.context["times"] if "waiting for the provider" in words)
    gaps = [step.gap for step in response.context["steps"]]
    assert "to its signature: 30 working days so far, 16 of them waiting for the provider" in gaps
    assert figure == "16"
    assert sum(int(n) for gap in gaps for n in re.findall(r"(\d+) of them waiting", gap)) == int(figure)


def test_levels_are_named_as_everywhere(scene: Scene, client_for: ClientFor) -> None:
    make_flag(grant=scene.paid, rule="cliff_edge", level="fallen", facts=CLIFF_FACTS)
    assert "Ended: support not confirmed</strong>" in story(client_for, "scrutiny", scene.paid)
    page = story(client_for, "scrutiny", scene.late)
    assert "Critical: first payment slow" in page
    assert "Late: clock stop to chase" in page


BUTTON = "Check the flags again now"


def test_after_an_act_the_page_offers_to_judge_the_flags_anew(scene: Scene, client_for: ClientFor) -> None:
    FlagPass.objects.create(group="all", on=date(2026, 11, 20))
    page = story(client_for, "finance", scene.late)
    assert "Checked on 20 November 2026. Something was recorded here on that day or since." in page
    assert BUTTON in page
    sent = {"next": f"/grants/{scene.late.ref}/"}
    assert client_for("finance").post("/flags/check/", sent).headers["Location"] == sent["next"]
    away = client_for("finance").post("/flags/check/", {"next": "https://example.org/"})
    assert away.headers["Location"] == "/flags/"


def test_without_an_act_since_it_only_says_when(scene: Scene, client_for: ClientFor) -> None:
    FlagPass.objects.create(group="all", on=date(2026, 11, 22))
    page = story(client_for, "finance", scene.late)
    assert "Checked on 22 November 2026." in page
    assert BUTTON not in page
    reader = story(client_for, "scrutiny", scene.late)
    assert "Checked on 22 November 2026." in reader
    assert BUTTON not in reader
    assert "Checked on" not in story(client_for, "provider", scene.late)
