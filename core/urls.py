"""The addresses of this app's pages."""

from django.urls import path

from core.views.closure_days import ClosureDays, RemoveClosureDay
from core.views.jobs import JobPage, JobsPage
from core.views.messages import DeliveriesPage, DigestPreference, MarkRead, MessagesPage, RetryDelivery

urlpatterns = [
    path("closure-days/", ClosureDays.as_view(), name="closure_days"),
    path("closure-days/<int:pk>/remove/", RemoveClosureDay.as_view(), name="remove_closure_day"),
    path("jobs/", JobsPage.as_view(), name="jobs"),
    path("jobs/<int:pk>/", JobPage.as_view(), name="job"),
    path("messages/", MessagesPage.as_view(), name="messages"),
    path("messages/read/", MarkRead.as_view(), name="mark_read"),
    path("messages/preference/", DigestPreference.as_view(), name="message_preference"),
    path("messages/deliveries/", DeliveriesPage.as_view(), name="deliveries"),
    path("messages/deliveries/<int:pk>/retry/", RetryDelivery.as_view(), name="retry_delivery"),
]
