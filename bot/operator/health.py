"""How it is, for machines: /healthz (is everything alive), /readyz (can it work), /metrics
(Prometheus).

Only counts and ages: nobody's, and no reference. Off unless FIRSTHAND_HEALTH names an address, best
on loopback.
"""

import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import clock
from bot.process.heartbeat import SILENT_SECONDS, Heartbeat, heartbeats
from bot.process.http_server import QuietServer
from bot.settings import Settings
from storage import backlog, schema
from storage.backlog import Backlog
from storage.connection import DatabaseAway
from storage.database import Database
from storage.store import StoreAway

NO_OBJECT: Final = "0" * 40
"""Asking for an object that never is tells whether the store answers."""

WAITING: Final = (
    ("oldest_unsent_message_seconds", "Age of the oldest message to a witness", "oldest_message"),
    ("oldest_unsealed_file_seconds", "Age of the oldest file that is on its way", "oldest_file"),
    (
        "oldest_unnumbered_ledger_entry_seconds",
        "Age of the oldest custody entry without its number",
        "oldest_ledger_entry",
    ),
    ("newest_head_seconds", "Since the custody log was signed last", "newest_head"),
    ("messages_waiting", "Messages to witnesses on their way", "messages"),
    ("messages_held", "Messages that a restore holds back", "held_messages"),
    ("files_waiting", "Files on their way", "files"),
    ("work_late", "Pieces of work more than an hour late", "late_work"),
    ("posts_waiting", "Cards, notes and packages on their way to officers", "posts"),
    ("quarantined", "Messages set aside because something failed on them", "quarantined"),
    ("open_reports", "Reports that are not sent yet", "open_reports"),
)
"""A figure's name, what it is, and its name in the backlog."""


class Health:
    """Of the roles that run here. `restarts` counts by role how often one had to be started
    again.
    """

    def __init__(
        self, settings: Settings, roles: Sequence[str], restarts: Callable[[], dict[str, int]]
    ) -> None:
        self._settings, self._roles, self._restarts = settings, roles, restarts
        self._database = Database(settings.database)
        self._store = settings.store()

    def application(self) -> Starlette:
        @asynccontextmanager
        async def running(_: Starlette):  # type: ignore[no-untyped-def]  # noqa: ANN202
            yield
            await self.close()

        return Starlette(
            routes=[
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Route("/metrics", self.metrics),
            ],
            lifespan=running,
        )

    async def close(self) -> None:
        await self._database.close()

    async def healthz(self, _: Request) -> Response:
        """Whether every role gives signs of life; else which does not, and for how long."""
        return _said(self._silent())

    async def readyz(self, _: Request) -> Response:
        """Whether what a witness sends now would be kept."""
        wrong = self._silent()
        try:
            async with self._database.reading() as connection:
                if not await schema.is_current(connection):
                    wrong["database"] = "is of another release"
        except (SQLAlchemyError, DatabaseAway, OSError) as failure:
            wrong["database"] = f"does not answer ({type(failure).__name__})"
        try:
            await self._store.size(NO_OBJECT)
        except (StoreAway, OSError) as failure:
            wrong["vault"] = f"does not answer ({type(failure).__name__})"
        return _said(wrong)

    async def metrics(self, _: Request) -> Response:
        """503 where the database cannot be asked: a figure that is not known is not 0."""
        try:
            async with self._database.reading() as connection:
                waiting = await backlog.look(connection, int(clock()))
        except (SQLAlchemyError, DatabaseAway, OSError):
            return Response("the database does not answer\n", 503, media_type="text/plain")
        registry = CollectorRegistry()
        registry.register(_Figures(self._figures(waiting)))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    def _silent(self) -> dict[str, str]:
        found = heartbeats(self._settings.home)
        return {role: said for role in self._roles if (said := _silence(found.get(role)))}

    def _figures(self, waiting: Backlog) -> Iterator[Metric]:
        found = heartbeats(self._settings.home)
        behind = max((sign.behind for sign in found.values()), default=0)
        free = shutil.disk_usage(self._settings.home).free
        for name, what, value in (
            ("oldest_update_seconds", "Age of the oldest update that is not stored yet", behind),
            ("disk_free_bytes", "Free on the disk of FIRSTHAND_HOME", free),
            *((name, what, getattr(waiting, of)) for name, what, of in WAITING),
        ):
            yield _gauge(name, what, value)
        yield _labelled(GaugeMetricFamily, "referrals", "Referrals by status", waiting.referrals)
        up = {role: not _silence(found.get(role)) for role in self._roles}
        yield _labelled(GaugeMetricFamily, "process_up", "Whether a role gives signs of life", up)
        again = "How often a role was started again"
        yield _labelled(CounterMetricFamily, "process_restarts", again, self._restarts())


def _labelled(
    family: type[GaugeMetricFamily | CounterMetricFamily],
    name: str,
    what: str,
    values: Mapping[str, float],
) -> Metric:
    """One figure a status, or a role."""
    label = "status" if name == "referrals" else "role"
    metric = family(f"firsthand_{name}", what, labels=[label])
    for key, value in sorted(values.items()):
        metric.add_metric([key], value)
    return metric


class _Figures:
    """What prometheus_client asks."""

    def __init__(self, figures: Iterator[Metric]) -> None:
        self._figures = list(figures)

    def collect(self) -> Iterator[Metric]:
        return iter(self._figures)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"firsthand_{name}", what, value=value)


def _silence(sign: Heartbeat | None) -> str:
    """Why a role counts as dead; "" if it does not."""
    if sign is None:
        return "is not running"
    return f"no sign of life for {sign.silent:.0f} s" if sign.silent > SILENT_SECONDS else ""


def _said(wrong: dict[str, str]) -> Response:
    return JSONResponse(wrong or {"status": "well"}, 503 if wrong else 200)


async def serve(health: Health, listening: socket.socket) -> None:
    """Until cancelled."""
    await QuietServer(health.application()).on(listening)
