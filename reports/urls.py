"""The addresses of this app's pages."""

from django.urls import path

from reports.views.completeness import CompletenessPage, ReportsPage
from reports.views.home import MarkSeen, Today

urlpatterns = [
    path("", Today.as_view(), name="today"),
    path("seen/", MarkSeen.as_view(), name="mark_seen"),
    path("reports/", ReportsPage.as_view(), name="reports"),
    path("reports/completeness/", CompletenessPage.as_view(), name="completeness"),
]
