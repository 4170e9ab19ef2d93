"""Two questions an orchestrator asks: is the process alive, and can it serve."""

import asyncio
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from health_check.checks import Database
from health_check.contrib.redis import Redis
from health_check.views import HealthCheckView
from redis.asyncio import Redis as RedisClient


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: answers without touching anything."""
    return HttpResponse("ok", content_type="text/plain")


def broker() -> RedisClient:
    """A client of the broker, made anew for each question."""
    return RedisClient.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


class Ready(HealthCheckView):
    """Ready: the database answers, and the broker where there is one. Says which does not, never why."""

    checks = [Database, *([(Redis, {"client_factory": broker})] if settings.HAS_BROKER else [])]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 "ready", or 503 with the names of the parts that do not answer."""
        with self.get_executor() as executor:
            results = await asyncio.gather(*(check.get_result(executor) for check in self.get_checks()))
        down = [type(result.check).__name__.lower() for result in results if result.error]
        text = f"not ready: {', '.join(down)}" if down else "ready"
        return HttpResponse(text, content_type="text/plain", status=503 if down else 200)
