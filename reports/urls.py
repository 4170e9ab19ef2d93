"""The addresses of this app's pages."""

from django.urls import path

from reports.views.completeness import CompletenessPage, ReportsPage
from reports.views.home import MarkSeen, Today
from reports.views.scrutiny import ScrutinyPage
from reports.views.speed import SpeedPage
from reports.views.sustainability import SustainabilityPage

urlpatterns = [
    path("", Today.as_view(), name="today"),
    path("seen/", MarkSeen.as_view(), name="mark_seen"),
    path("reports/", ReportsPage.as_view(), name="reports"),
    path("reports/scrutiny/", ScrutinyPage.as_view(), name="scrutiny"),
    path("reports/speed/", SpeedPage.as_view(), name="speed"),
    path("reports/sustainability/", SustainabilityPage.as_view(), name="sustainability"),
    path("reports/completeness/", CompletenessPage.as_view(), name="completeness"),
]
