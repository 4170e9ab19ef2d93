"""Every address of the product. tests/test_role_matrix.py lists each with who may open it."""

from allauth.account import urls as account_pages
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from core.web.gallery import gallery
from core.web.health import Ready, healthz
from core.web.register import switch_register

# An address is changed by an administrator (manage.py change_email). By allauth's own page whoever finds a session open
# could move an account to an address of theirs, and choose a new password there.
NOT_OFFERED = {"account_email", "account_email_verification_sent", "account_confirm_email"}
ACCOUNT_PAGES = [page for page in account_pages.urlpatterns if page.name not in NOT_OFFERED]

handler500 = "core.web.errors.server_error"

urlpatterns = [
    path("healthz", login_not_required(healthz), name="healthz"),
    path("readyz", login_not_required(Ready.as_view()), name="readyz"),
    path("accounts/", include(ACCOUNT_PAGES)),
    path("register/", switch_register, name="switch_register"),
    path("", include("core.urls")),
    path("", include("reports.urls")),
    path("", include("grants.urls")),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("components/", gallery, name="gallery"))
