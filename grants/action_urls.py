"""The addresses of the actions: one form page each. grants/urls.py includes them."""

from django.urls import path

from grants.views import acts_clock_stops as clock_stops
from grants.views import acts_decisions as decisions
from grants.views import acts_details as details
from grants.views import acts_endings as endings
from grants.views import acts_flags as flags
from grants.views import acts_funds as funds
from grants.views import acts_instalments as instalments
from grants.views import acts_payments as payments
from grants.views import acts_returns as returns
from grants.views import acts_several as several

GRANT = "grants/<slug:ref>/"
STOP = f"{GRANT}clock-stops/<int:pk>/"
INSTALMENT = f"{GRANT}instalments/<int:number>/"
PAYMENT = f"{GRANT}payments/<int:pk>/"
FLAG = "flags/<int:pk>/"

urlpatterns = [
    path(f"{GRANT}payments/new/", payments.RecordPayment.as_view(), name="record_payment"),
    path("payments/record/", several.RecordPayments.as_view(), name="record_payments"),
    path(f"{PAYMENT}reverse/", payments.ReversePayment.as_view(), name="reverse_payment"),
    path(f"{PAYMENT}receipt/", payments.ConfirmReceipt.as_view(), name="confirm_receipt"),
    path(f"{GRANT}recover/", payments.RecoverPayment.as_view(), name="recover_payment"),
    path(f"{INSTALMENT}authorise/", instalments.AuthoriseInstalment.as_view(), name="authorise_instalment"),
    path(f"{INSTALMENT}condition/", instalments.MeetCondition.as_view(), name="meet_condition"),
    path(f"{INSTALMENT}claim/", instalments.RecordClaim.as_view(), name="record_claim"),
    path(f"{GRANT}clock-stops/new/", clock_stops.StartClockStop.as_view(), name="start_clock_stop"),
    path(f"{STOP}end/", clock_stops.EndClockStop.as_view(), name="end_clock_stop"),
    path(f"{STOP}correct/", clock_stops.CorrectClockStop.as_view(), name="correct_clock_stop"),
    path(f"{GRANT}agreement/", decisions.RecordAgreement.as_view(), name="record_agreement"),
    path(f"{GRANT}checks/new/", decisions.AddCheck.as_view(), name="add_check"),
    path(f"{GRANT}checks/<slug:kind>/", decisions.RecordCheck.as_view(), name="record_check"),
    path(
        f"{GRANT}bank-details-changed/", decisions.BankDetailsChanged.as_view(), name="bank_details_changed"
    ),
    path(f"{GRANT}vary/", decisions.VaryGrant.as_view(), name="vary_grant"),
    path(f"{GRANT}details/", details.RecordDetails.as_view(), name="record_details"),
    path(f"{GRANT}provider/", details.NameProvider.as_view(), name="name_provider"),
    path(f"{GRANT}close/", decisions.CloseGrant.as_view(), name="close_grant"),
    path("rounds/<slug:ref>/extend/", funds.ExtendRound.as_view(), name="extend_round"),
    path("awards/<slug:ref>/change/", funds.ChangeAward.as_view(), name="change_award"),
    path(f"{GRANT}caseload/", returns.RecordCaseload.as_view(), name="record_caseload"),
    path(f"{GRANT}plan/", endings.RecordPlan.as_view(), name="record_plan"),
    path(f"{GRANT}plan/cover/", endings.AddCover.as_view(), name="add_cover"),
    path(f"{GRANT}plan/cover/<int:pk>/", endings.ChangeCover.as_view(), name="change_cover"),
    path(f"{GRANT}notice/", endings.RecordNotice.as_view(), name="record_notice"),
    path(f"{FLAG}acknowledge/", flags.AcknowledgeFlag.as_view(), name="acknowledge_flag"),
    path(f"{FLAG}assign/", flags.AssignFlag.as_view(), name="assign_flag"),
    path(f"{FLAG}date/", flags.DateFlag.as_view(), name="date_flag"),
    path(f"{FLAG}note/", flags.NoteFlag.as_view(), name="note_flag"),
    path(f"{FLAG}snooze/", flags.SnoozeFlag.as_view(), name="snooze_flag"),
    path(f"{FLAG}wake/", flags.WakeFlag.as_view(), name="wake_flag"),
]
