"""Core's constraints: the calendar, places, people, jobs and messages."""

from datetime import UTC, datetime

from core.models import CalendarDay, CalendarEdition, Locality
from tests.constraints import Case
from tests.factories import make_delivery, make_job, make_locality, make_message, make_user, make_ward

AT = datetime(2026, 11, 20, 7, tzinfo=UTC)


def _second_locality() -> Locality:
    make_locality(name="South Wye", is_illustrative=False)
    return make_locality(is_illustrative=False)


CASES = [
    Case(
        "calendarday_number_not_negative",
        row=lambda: CalendarDay.objects.earliest("date"),
        accepted=[{"number": 0}],
        refused=[{"number": -1}],
    ),
    Case(
        "calendaredition_only_one",
        row=lambda: CalendarEdition.objects.get(),
        accepted=[{"token": "00000000-0000-0000-0000-000000000001"}],
        refused=[{"id": 2}],
    ),
    Case(
        "ward_decile_1_to_10",
        row=make_ward,
        accepted=[{"imd_lowest_decile": 1}, {"imd_lowest_decile": 10}, {"imd_lowest_decile": None}],
        refused=[{"imd_lowest_decile": 0}, {"imd_lowest_decile": 11}],
    ),
    Case(
        "locality_name_once",
        row=_second_locality,
        accepted=[{"name": "South Wye", "is_illustrative": True}, {"name": "Ledbury"}],
        refused=[{"name": "South Wye"}],
    ),
    Case(
        "user_email_once",
        row=lambda: (make_user(email="a.person@example.org"), make_user())[1],
        accepted=[{"email": "b.person@example.org"}],
        refused=[{"email": "A.Person@example.org"}],
    ),
    Case(
        "user_role_known",
        row=make_user,
        accepted=[{"role": "scrutiny"}],
        refused=[{"role": "councillor"}, {"role": ""}],
    ),
    Case(
        "user_system_never_signs_in",
        row=lambda: make_user("system"),
        accepted=[{"role": "finance", "is_active": True}],
        refused=[{"is_active": True}],
    ),
    Case(
        "user_digest_known",
        row=make_user,
        accepted=[{"digest": "weekly"}, {"digest": "never"}],
        refused=[{"digest": "hourly"}, {"digest": ""}],
    ),
    Case(
        "job_state_known",
        row=make_job,
        accepted=[{"state": "running"}],
        refused=[{"state": "lost"}, {"state": ""}],
    ),
    Case(
        "job_finished_has_time",
        row=make_job,
        accepted=[{"state": "done", "finished_at": AT}],
        refused=[
            {"state": "done"},
            {"state": "failed", "error": "No."},
            {"finished_at": AT},
            {"state": "running", "finished_at": AT},
        ],
    ),
    Case(
        "job_failed_says_why",
        row=make_job,
        accepted=[{"state": "failed", "finished_at": AT, "error": "The file is empty."}],
        refused=[{"state": "failed", "finished_at": AT}],
    ),
    Case(
        "job_done_within_total",
        row=make_job,
        accepted=[{"done": 5}, {"done": 5, "total": 5}, {"done": 0, "total": 0}],
        refused=[{"done": 6, "total": 5}],
    ),
    Case(
        "delivery_state_known",
        row=make_delivery,
        accepted=[{"state": "failed"}],
        refused=[{"state": "lost"}, {"state": ""}],
    ),
    Case(
        "delivery_sent_has_time",
        row=make_delivery,
        accepted=[{"state": "sent", "sent_at": AT}],
        refused=[{"state": "sent"}, {"sent_at": AT}, {"state": "failed", "sent_at": AT}],
    ),
    Case(
        "message_says_something",
        row=make_message,
        accepted=[{"text": "A flag was raised."}],
        refused=[{"text": ""}],
    ),
]
