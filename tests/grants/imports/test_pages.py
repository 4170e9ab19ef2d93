"""The pages: a list is looked at first, its faults are listed and can be downloaded, then it is imported."""

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import Job, JobFile, User
from grants.imports.readers import MOST_BYTES
from grants.models import Fund, Grant
from grants.operations.imports.jobs import forget_old_files
from tests.conftest import ClientFor
from tests.grants.imports.lists import as_csv, as_workbook, cells

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(client_for: ClientFor) -> Client:
    return client_for("commissioner")


def choose(client: Client, content: bytes, capture: Any, name: str = "grants.csv", **fields: str) -> Any:
    """Send the form; without a queue the check runs once the answer is committed."""
    entries = {"file": SimpleUploadedFile(name, content), "request_key": str(uuid.uuid4()), **fields}
    with capture(execute=True):
        return client.post("/imports/", entries)


def go_on(client: Client, page: str, capture: Any) -> Any:
    with capture(execute=True):
        return client.post(page, {"request_key": str(uuid.uuid4())})


def result_page(kind: str) -> str:
    job = Job.objects.get(kind=kind)
    assert job.state == "done", job.error
    return f"/imports/{job.pk}/"


def test_from_the_file_to_the_register(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    capture = django_capture_on_commit_callbacks
    choose(client, as_csv([cells(), cells(id="2")]), capture)
    assert Grant.objects.count() == 0
    page = client.get(result_page("import_check")).content.decode()
    assert "What importing grants.csv would do" in page
    assert (
        "2 rows: 2 new, 0 changed, 0 as they stand, 0 that cannot be taken. Nothing is written yet." in page
    )
    assert "Import 2 grants" in page
    go_on(client, result_page("import_check"), capture)
    assert Grant.objects.count() == 2
    assert JobFile.objects.count() == 0
    done = client.get(result_page("import")).content.decode()
    assert "What importing grants.csv did" in done
    assert "2 rows: 2 new" in done
    after = client.get(result_page("import_check")).content.decode()
    assert "The file is not kept any more" in after
    assert "0 that cannot be taken. That is what the check found." in after
    assert "Import 2 grants" not in after


def test_rows_that_cannot_be_taken(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    capture = django_capture_on_commit_callbacks
    choose(client, as_workbook([cells(), cells(id="2", awarded="31/02/2024")]), capture, "a.xlsx")
    where = result_page("import_check")
    page = client.get(where).content.decode()
    assert "1 that cannot be taken" in page
    for words in ("31/02/2024", "Award Date", "This is not a date. Write it like 2024-03-31"):
        assert words in page
    assert "Import 1 grant and leave out 1 row" in page
    download = client.get(where, {"download": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(download.streaming_content)))["Rows"]
    assert [cell.value for cell in sheet[1]] == ["Row", "Column", "What stands there", "What to do"]
    assert [cell.value for cell in sheet[2]][:3] == [3, "Award Date", "31/02/2024"]
    go_on(client, where, capture)
    assert Grant.objects.count() == 1


def test_nothing_new_is_nothing_to_import(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    capture = django_capture_on_commit_callbacks
    choose(client, as_csv([cells()]), capture)
    go_on(client, result_page("import_check"), capture)
    Job.objects.all().delete()
    choose(client, as_csv([cells()]), capture)
    page = client.get(result_page("import_check")).content.decode()
    assert "There is nothing to import: no row is new or changed." in page


def test_the_fund_and_the_day_go_with_the_file(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    capture = django_capture_on_commit_callbacks
    fund = Fund.objects.create(code="csf", name="Community Safety Fund")
    Fund.objects.create(code="made-up", name="Made up", is_illustrative=True)
    page = client.get("/imports/").content.decode()
    assert "Community Safety Fund" in page
    assert "Made up" not in page
    day = {"tracked_from_day": "1", "tracked_from_month": "4", "tracked_from_year": "2026"}
    choose(client, as_csv([cells()]), capture, fund=str(fund.pk), **day)
    go_on(client, result_page("import_check"), capture)
    for kind in ("import_check", "import"):
        page = client.get(result_page(kind)).content.decode()
        assert "1 grant was decided before 1 April 2026" in page, kind
    grant = Grant.objects.get()
    assert (grant.fund, str(grant.tracked_from)) == (fund, "2026-04-01")
    history = grant.history.get()
    assert history.history_user is not None
    assert history.history_user.role == "commissioner"


def test_a_file_that_is_no_list_ends_with_a_sentence(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    answer = choose(client, b"%PDF-1.7 and so on", django_capture_on_commit_callbacks, "report.pdf")
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.error == "The file is a PDF. Import a list as CSV, Excel (.xlsx) or 360Giving JSON."
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert job.error in client.get(f"/jobs/{job.pk}/").content.decode()


def test_a_file_that_is_too_big_is_not_kept(
    client: Client, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grants.forms.imports.MOST_BYTES", 100)
    assert MOST_BYTES == 35_000_000
    answer = choose(client, as_csv([cells()]), django_capture_on_commit_callbacks)
    assert "The file must be" in answer.content.decode()
    assert Job.objects.count() == 0


def test_the_same_form_twice_is_one_check(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        choose(client, as_csv([cells()]), django_capture_on_commit_callbacks, request_key=key)
    assert Job.objects.count() == 1


def test_only_who_had_it_checked_sees_and_imports_it(
    client: Client, client_for: ClientFor, people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    choose(client, as_csv([cells()]), django_capture_on_commit_callbacks)
    where = result_page("import_check")
    other: User = people.administrator
    assert client_for(other).get(where).status_code == 404
    assert client_for(other).post(where, {"request_key": str(uuid.uuid4())}).status_code == 404


def test_an_import_cannot_be_sent_as_a_check(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    capture = django_capture_on_commit_callbacks
    choose(client, as_csv([cells()]), capture)
    go_on(client, result_page("import_check"), capture)
    assert go_on(client, result_page("import"), capture).status_code == 404
    again = go_on(client, result_page("import_check"), capture)
    assert "The file is not kept any more. Choose it again." in again.content.decode()


def test_files_that_nobody_imports_are_deleted_after_a_week(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    choose(client, as_csv([cells()]), django_capture_on_commit_callbacks)
    assert forget_old_files(at=NOW + timedelta(days=6)) == 0
    assert forget_old_files(at=NOW + timedelta(days=8)) == 1
    assert JobFile.objects.count() == 0


@pytest.mark.parametrize(("register", "said"), [("illustrative", True), ("real", False)])
def test_the_real_register_is_meant_whatever_is_looked_at(
    register: str, said: bool, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    choose(client, as_csv([cells()]), django_capture_on_commit_callbacks)
    client.post("/register/", {"register": register})
    for address, words in {
        "/imports/": "A list is always imported into the real one.",
        result_page("import_check"): "This page is about the real one",
        "/providers/duplicates/": "Lists are imported into the real register.",
    }.items():
        assert (words in client.get(address).content.decode()) is said, address
