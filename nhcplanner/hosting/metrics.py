"""Figures of the running app for Prometheus, without names of people or places."""

from __future__ import annotations

import hmac
from importlib.metadata import version

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from nhcplanner.hosting import settings

REGISTRY = CollectorRegistry()
CONTENT_TYPE = CONTENT_TYPE_LATEST
LEAST_TOKEN = 16
"""Characters that a token must have."""

PAGES = Histogram(
    "nhcplanner_page_seconds",
    "Seconds to draw a page",
    ["page"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10),
    registry=REGISTRY,
)
JOBS = Counter("nhcplanner_jobs", "Long jobs that ended", ["outcome"], registry=REGISTRY)
JOB_SECONDS = Counter(
    "nhcplanner_job_cpu_seconds", "Processor seconds of long jobs", registry=REGISTRY
)
RUNNING = Gauge("nhcplanner_jobs_running", "Long jobs that are running", registry=REGISTRY)
WAITING = Gauge("nhcplanner_jobs_waiting", "Long jobs that wait for a worker", registry=REGISTRY)
OPEN = Gauge("nhcplanner_open_work", "Works that a page has open", registry=REGISTRY)
SAVES = Counter("nhcplanner_saves", "Changes that were saved, or not", ["outcome"],
                registry=REGISTRY)  # fmt: skip
REFUSALS = Counter("nhcplanner_refusals", "Requests and actions refused", ["kind"],
                   registry=REGISTRY)  # fmt: skip
AUDIT_FAILURES = Counter(
    "nhcplanner_audit_failures", "Lines that the audit log lacks", registry=REGISTRY
)
_MEMORY = Gauge("nhcplanner_memory_bytes", "Memory of the server without its jobs",
                registry=REGISTRY)  # fmt: skip
_VERSION = Gauge("nhcplanner_info", "Version of the app", ["version"], registry=REGISTRY)


def answer() -> bytes:
    """Return all figures as the text that Prometheus reads."""
    _MEMORY.set(psutil.Process().memory_info().rss)
    _VERSION.labels(version("nhcplanner")).set(1)
    return generate_latest(REGISTRY)


def is_allowed(authorization: str) -> bool:
    """Whether a request's `Authorization` has the token; without a long token nobody may ask."""
    token = settings.text(settings.METRICS_TOKEN)
    sent = authorization.removeprefix("Bearer ")
    return len(token) >= LEAST_TOKEN and hmac.compare_digest(sent.encode(), token.encode())
