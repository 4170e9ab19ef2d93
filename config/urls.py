"""Every address of the product. tests/test_role_matrix.py lists each with who may open it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from core.web.gallery import gallery
from core.web.health import Ready, healthz
from core.web.register import switch_register

handler500 = "core.web.errors.server_error"

urlpatterns = [
    path("healthz", login_not_required(healthz), name="healthz"),
    path("readyz", login_not_required(Ready.as_view()), name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("register/", switch_register, name="switch_register"),
    path("", include("core.urls")),
    path("", include("reports.urls")),
    path("", include("grants.urls")),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("components/", gallery, name="gallery"))
