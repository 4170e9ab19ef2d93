"""The addresses of this app's pages."""

from django.urls import path

from core.views.closure_days import ClosureDays, RemoveClosureDay

urlpatterns = [
    path("closure-days/", ClosureDays.as_view(), name="closure_days"),
    path("closure-days/<int:pk>/remove/", RemoveClosureDay.as_view(), name="remove_closure_day"),
]
