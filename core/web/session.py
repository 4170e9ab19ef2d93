"""Who is signed in: looked up once a request, with what the header says about them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from core.models import User
from core.queries.messages import with_unread


class SessionBackend(AuthenticationBackend):
    """allauth's sign-in; the person of a session comes with the count of their unread messages."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, or None when they have left."""
        person = with_unread(User.objects.filter(pk=user_id)).first()
        return person if person is not None and self.user_can_authenticate(person) else None
