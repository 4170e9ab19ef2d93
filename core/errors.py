"""What an operation says when it will not act. Views show it; nothing is written."""


class ActionRefused(Exception):
    """An operation was refused; `message` says what to do, `field` which form field it concerns, if one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(ActionRefused):
    """The person may not do this."""


class StaleVersion(ActionRefused):
    """Somebody changed the record since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this record while you were editing. Your entries are below: check them against the "
            "current record and send the form again."
        )
