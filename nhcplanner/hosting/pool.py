"""A pool of slots for long jobs, shared fairly by all who wait.

A free slot goes to the owner with the fewest running jobs; among equals, to the one who was served
longest ago; among the jobs of one owner, to the first. A person who queues many jobs therefore
delays nobody else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

from nhcplanner.hosting import metrics, settings

OWNER_SLOTS = 2.0
"""Jobs of one owner that run at the same time, unless set."""
MOST_OWNERS = 1_000
"""Owners of whom the pool remembers when they were last served."""


@dataclass(eq=False)
class Ticket:
    """A job's place in the queue.

    Parameters
    ----------
    owner
        Whose job it is.
    number
        Order of arrival.

    Attributes
    ----------
    is_running
        Whether it has a slot.
    """

    owner: str
    number: int
    is_running: bool = False


@dataclass
class Pool:
    """Slots for long jobs.

    Parameters
    ----------
    slots, owner_slots
        Jobs at the same time, in all and of one owner; None = as in the settings.
    """

    slots: int | None = None
    owner_slots: int | None = None
    _tickets: list[Ticket] = field(default_factory=list)
    _served: dict[str, int] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    def join(self, owner: str) -> Ticket:
        """Return a ticket for a job of an owner."""
        with self._lock:
            ticket = Ticket(owner, next(self._numbers))
            self._tickets.append(ticket)
            self._report()
            return ticket

    def is_due(self, ticket: Ticket) -> bool:
        """Whether the job may run now; it then holds a slot until `leave`."""
        with self._lock:
            if not ticket.is_running and self._next() is ticket:
                ticket.is_running = True
                self._served[ticket.owner] = next(self._numbers)
                self._report()
            return ticket.is_running

    def leave(self, ticket: Ticket) -> None:
        """Give up a slot or a place in the queue."""
        with self._lock:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
            while len(self._served) > MOST_OWNERS:
                del self._served[min(self._served, key=self._served.__getitem__)]
            self._report()

    def ahead(self, ticket: Ticket) -> int:
        """Return how many waiting jobs arrived before this one."""
        with self._lock:
            waiting = (one for one in self._tickets if not one.is_running)
            return sum(one.number < ticket.number for one in waiting)

    def counts(self) -> tuple[int, int]:
        """Return how many jobs are running, and how many wait."""
        with self._lock:
            running = sum(one.is_running for one in self._tickets)
            return running, len(self._tickets) - running

    def _next(self) -> Ticket | None:
        """Return the waiting job that a free slot goes to; None if no slot is free for anyone."""
        running = [one.owner for one in self._tickets if one.is_running]
        if len(running) >= (self.slots or workers()):
            return None
        most = self.owner_slots or int(settings.number(settings.USER_WORKERS, OWNER_SLOTS))
        waiting = [one for one in self._tickets if not one.is_running]
        due = [one for one in waiting if running.count(one.owner) < most]
        return min(
            due,
            key=lambda one: (running.count(one.owner), self._served.get(one.owner, -1), one.number),
            default=None,
        )

    def _report(self) -> None:
        running = sum(one.is_running for one in self._tickets)
        metrics.RUNNING.set(running)
        metrics.WAITING.set(len(self._tickets) - running)


def workers() -> int:
    """Return how many long jobs may run at the same time."""
    return int(settings.number(settings.WORKERS, float(os.cpu_count() or 1)))


POOL = Pool()
"""The pool of this server."""
