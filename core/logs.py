"""Logs as one JSON document a line: events and ids, never names, addresses or free text."""

import re
import sys

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

BEFORE_A_VALUE = re.compile(r"[^:='\"(\[{<\d]*")


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep of an exception its kind and where it happened: its message may hold what a person typed."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple) and raised[0] is not None:
        event["exception"] = raised[0].__name__
        event["frames"] = _frames(raised[2])
    return event


def own_words_only(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of other people's loggers keep the pattern of the message, not the values filled into it.

    A message that comes without values may have had them filled in before: keep its first words, up to where a value
    could begin. gunicorn quotes so what was sent to it, Django the host that was asked for.
    """
    record = event.get("_record")
    has_values = bool(event.pop("positional_args", ()))
    if record is not None and not record.name.startswith("tracker"):
        message = str(record.msg)
        event["event"] = message if has_values else BEFORE_A_VALUE.match(message)[0]  # type: ignore[index]
    return event


def _frames(traceback: object) -> list[str]:
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code  # type: ignore[attr-defined]
        file = "/".join(code.co_filename.split("/")[-2:])
        frames.append(f"{file}:{traceback.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
        traceback = traceback.tb_next  # type: ignore[attr-defined]
    return frames[-15:]


SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]

FORMATTER = {
    "()": structlog.stdlib.ProcessorFormatter,
    "foreign_pre_chain": SHARED,
    "pass_foreign_args": True,
    "processors": [
        own_words_only,
        without_values,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ],
}

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
