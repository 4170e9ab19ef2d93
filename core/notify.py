"""E-mail by GOV.UK Notify: a Django e-mail backend, in use when NOTIFY_API_KEY is set.

The template in Notify has two placeholders: ((subject)) as its subject and ((message)) as its text.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient


class NotifyBackend(BaseEmailBackend):
    """Hands each e-mail to Notify, one call for each address; an `X-Reference` header becomes Notify's reference."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_BASE_URL, timeout=settings.EMAIL_TIMEOUT
        )

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send them; answers how many. Raises what Notify refuses with, unless told to fail silently."""
        sent = 0
        for email in email_messages:
            try:
                self._send(email)
            except (HTTPError, InvalidResponse):
                if not self.fail_silently:
                    raise
            else:
                sent += 1
        return sent

    def _send(self, email: EmailMessage) -> None:
        for address in email.recipients():
            self.client.send_email_notification(
                address,
                settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": email.subject, "message": email.body},
                reference=email.extra_headers.get("X-Reference"),
            )
