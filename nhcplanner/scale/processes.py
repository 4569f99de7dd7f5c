"""Processes: work handed to several of this machine; one that dies takes nothing with it."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from nhcplanner.scale.monitor import (
    EVERY,
    TRIES,
    Answer,
    Arguments,
    Monitor,
    StoppedError,
    Work,
    dead,
    failed,
)


@dataclass(frozen=True)
class _Task:
    """A task, and how often it was begun."""

    number: int
    arguments: Arguments
    tries: int = 1


class _Worker:
    """A process that does one task after the other, and ends with the one that started it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.task: _Task | None = None

    def begin(self, work: Work, task: _Task) -> None:
        self.task = task
        try:
            self.pipe.send((work, task.arguments))
        except OSError:
            return  # it has died, which its pipe tells

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def by_processes(
    work: Work, tasks: Iterable[Arguments], watch: Monitor, jobs: int
) -> Iterator[Answer]:
    """Do some work once for each task, in so many processes at a time.

    A task whose process dies is begun again in another, up to `TRIES` times; answers that were
    given are not touched by it.

    Yields
    ------
    tuple of int and object
        Number of the task and what it made, or the `PlannerError` that it ended in.

    Raises
    ------
    StoppedError
        Where the watch says stop; processes at work are then ended.
    """
    hall = _WorkerPool(work, tasks, jobs)
    try:
        while hall.fill():
            for worker in hall.told():
                yield from hall.taken(worker, watch)
            if not watch.going():
                raise StoppedError("stopped")
    finally:
        hall.close()


class _WorkerPool:
    """Workers, and the tasks that wait for them."""

    def __init__(self, work: Work, tasks: Iterable[Arguments], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._tasks = (_Task(*numbered) for numbered in enumerate(tasks))
        self._again: deque[_Task] = deque()
        self._idle: list[_Worker] = []
        self._busy: dict[object, _Worker] = {}

    def fill(self) -> bool:
        """Give every free hand something to do; False where nothing is left and nobody busy."""
        while len(self._busy) < self._jobs:
            task = self._again.popleft() if self._again else next(self._tasks, None)
            if task is None:
                break
            worker = self._idle.pop() if self._idle else _Worker()
            worker.begin(self._work, task)
            self._busy[worker.pipe] = worker
        return bool(self._busy)

    def told(self) -> list[_Worker]:
        """Wait a moment for workers that have done or died."""
        return [
            self._busy.pop(pipe) for pipe in wait([one.pipe for one in self._busy.values()], EVERY)
        ]

    def taken(self, worker: _Worker, watch: Monitor) -> Iterator[Answer]:
        """What a worker made of its task; nothing where it died and the task is begun again."""
        task = worker.task
        assert task is not None
        try:
            made = worker.pipe.recv()
        except (EOFError, OSError):
            worker.kill()
            if task.tries == TRIES:
                yield task.number, dead(TRIES)
            else:
                watch.again += 1
                self._again.append(_Task(task.number, task.arguments, task.tries + 1))
            return
        self._idle.append(worker)
        yield task.number, made

    def close(self) -> None:
        """End every process."""
        for worker in (*self._idle, *self._busy.values()):
            worker.kill()


def _serve(pipe: Connection) -> None:
    """Do the tasks that come, in the other process, until nobody is left to do them for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it decides

    def going(_: object) -> bool:
        return not pipe.poll()  # something comes only when the other end is shut

    while True:
        try:
            work, arguments = pipe.recv()
            pipe.send(_made(work, arguments, going))
        except (EOFError, OSError):
            return


def _made(work: Work, arguments: Arguments, going: Any) -> object:
    try:
        return work(*arguments, progress=going)
    except Exception as error:  # noqa: BLE001 (it is told in the first process)
        return failed(error)
