"""Every table that people change keeps who changed what, and why; those that do not are named, with the reason."""

from django.apps import apps
from django.db.models import Model
from simple_history.models import HistoricalChanges

from tests.architecture.files import APPS

WITHOUT_HISTORY = {
    # Made anew from what has a history.
    "core.CalendarDay": "every day follows from the closure days and the bank holidays",
    "core.CalendarEdition": "a token, new with each calendar",
    # They say themselves what happened to them, when and by whom.
    "core.Job": "says who started it, when it ended and what came of it",
    "core.JobFile": "what a job reads; it comes with the job and goes with it",
    "core.Message": "written once; says to whom, when, and when it was read",
    "core.Delivery": "the state of one e-mail",
    "grants.Flag": "its events are its history: evidence, not edits",
    "grants.FlagEvent": "is the history of the flags",
    "grants.FlagPass": "the day of the last pass",
    "providers.ProbableDuplicate": "says who decided it and when; it is decided once",
    # An account: what it is changes by no operation, and each sign-in writes to it.
    "core.User": "made once, role and all, and the log says by whom; who acts for whom are memberships",
    # Written with the record that they belong to, and never after.
    "grants.FundingAwardYear": "written with its funding award",
    "grants.Outcome": "written with its fund",
    "grants.Fund_awards": "written with its fund",
    # A list of names beside a record: the reason in the record's history has the new ones and the old.
    "grants.Grant_localities": "in the reason of the grant's history",
    "core.Locality_wards": "in the reason of the locality's history",
}


def tables() -> dict[str, type[Model]]:
    """Every model of the apps that hold the register, the tables between two others too, by name."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS and not issubclass(model, HistoricalChanges)
    }


def test_every_table_has_a_history_or_a_reason_for_none() -> None:
    without = {label for label, model in tables().items() if not hasattr(model, "history")}
    assert without == WITHOUT_HISTORY.keys()


def test_every_history_has_room_for_a_whole_reason() -> None:
    histories = [model.history.model for model in tables().values() if hasattr(model, "history")]
    assert histories
    lengths = {one._meta.label: one._meta.get_field("history_change_reason").max_length for one in histories}
    assert {label: longest for label, longest in lengths.items() if longest is not None} == {}
