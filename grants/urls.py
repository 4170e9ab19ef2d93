"""The addresses of this app's pages: those that are read here, those that act in action_urls."""

from django.urls import include, path

from grants.views.duplicates import DuplicatePage, DuplicatesPage
from grants.views.flags import CheckFlags, FlagPage, FlagsPage
from grants.views.funds import FundPageView, FundsPage, RoundsPage
from grants.views.imports import ImportPage, ImportResult
from grants.views.payments import PaymentsPage
from grants.views.register import RegisterPage
from grants.views.returns import ReturnsPage
from grants.views.story import GrantPage

urlpatterns = [
    path("funds/", FundsPage.as_view(), name="funds"),
    path("funds/<slug:code>/", FundPageView.as_view(), name="fund"),
    path("rounds/", RoundsPage.as_view(), name="rounds"),
    path("grants/", RegisterPage.as_view(), name="grants"),
    path("grants/<slug:ref>/", GrantPage.as_view(), name="grant"),
    path("payments/", PaymentsPage.as_view(), name="payments"),
    path("returns/", ReturnsPage.as_view(), name="returns"),
    path("flags/", FlagsPage.as_view(), name="flags"),
    path("flags/check/", CheckFlags.as_view(), name="check_flags"),
    path("flags/<int:pk>/", FlagPage.as_view(), name="flag"),
    path("imports/", ImportPage.as_view(), name="imports"),
    path("imports/<int:pk>/", ImportResult.as_view(), name="import_result"),
    path("providers/duplicates/", DuplicatesPage.as_view(), name="duplicates"),
    path("providers/duplicates/<int:pk>/", DuplicatePage.as_view(), name="duplicate"),
    path("", include("grants.action_urls")),
]
