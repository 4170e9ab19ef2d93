"""People who sign in, and the named system actors that write on their own."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What a person is here for. A page opens to roles, an object to what the role may see of it."""

    COMMISSIONER = "commissioner", "Commissioner"
    FINANCE = "finance", "Finance"
    SCRUTINY = "scrutiny", "Scrutiny"
    ADMINISTRATOR = "administrator", "Administrator"
    PROVIDER = "provider", "Provider"
    SYSTEM = "system", "System"


class Digest(models.TextChoices):
    """How often somebody wants their messages by e-mail. They can always be read in the product."""

    DAILY = "daily", "Every day, if there is something new"
    WEEKLY = "weekly", "Every Monday, if there is something new"
    NEVER = "never", "Never: I read them here"


OFFICER_ROLES = frozenset({Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR})
COUNCIL_ROLES = OFFICER_ROLES | {Role.SCRUTINY}


class UserManager(BaseUserManager["User"]):
    """Makes people, who have a password, and system actors, who can never sign in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password the account cannot be signed in to."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, **{"role": Role.ADMINISTRATOR, **fields})

    def system(self, name: str) -> "User":
        """The system actor called `name`, for example "flag pass"; made at first use."""
        email = f"{name.replace(' ', '-')}@system.invalid"
        user, _ = self.get_or_create(
            email=email, defaults={"name": name, "role": Role.SYSTEM, "is_active": False, "password": "!"}
        )
        return user


class User(AbstractBaseUser):
    """A person by e-mail address, or a named system actor."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    digest = models.CharField(
        "messages by e-mail", max_length=10, choices=Digest.choices, default=Digest.DAILY
    )
    seen_until = models.DateTimeField("has looked at everything until", null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="user_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(digest__in=[d.value for d in Digest]), name="user_digest_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role="system") | models.Q(is_active=False),
                name="user_system_never_signs_in",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_officer(self) -> bool:
        """Works for the council on the money: commissioner, finance or administrator."""
        return self.role in OFFICER_ROLES

    @property
    def is_council(self) -> bool:
        """An officer, or somebody who reads for scrutiny."""
        return self.role in COUNCIL_ROLES

    @property
    def is_provider(self) -> bool:
        """Belongs to organisations that receive money."""
        return self.role == Role.PROVIDER
