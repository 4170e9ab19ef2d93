"""Why a file cannot be read at all."""


class FileRefused(Exception):
    """The file is not taken; the message is a sentence that says what to do."""
