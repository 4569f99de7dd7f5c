"""Which services run on which days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.travel.transit.fields import WEEKDAYS

ADDED = 1
TUESDAY = 1


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days on which services run.

    Parameters
    ----------
    weekly
        A row a service: `service_id`, a column of 0 or 1 a weekday, `start_date` and `end_date`
        as ordinals, both included.
    exceptions
        `service_id`, `date` (ordinal) and `exception_type` (1 = added, 2 = removed).
    """

    weekly: pd.DataFrame
    exceptions: pd.DataFrame

    def services(self, ordinal: int) -> set[str]:
        """Ids of the services that run on a day, given as its ordinal."""
        weekly = self.weekly
        runs = weekly[WEEKDAYS[(ordinal - 1) % 7]] == 1
        runs &= (weekly["start_date"] <= ordinal) & (weekly["end_date"] >= ordinal)
        today = self.exceptions[self.exceptions["date"] == ordinal]
        added = today["exception_type"] == ADDED
        running = set(weekly.loc[runs, "service_id"]) - set(today.loc[~added, "service_id"])
        return running | set(today.loc[added, "service_id"])

    def trips(self, of_service: pd.Series) -> pd.Series:
        """Count the trips of each day.

        Parameters
        ----------
        of_service
            Number of trips, indexed by service.

        Returns
        -------
        pandas.Series
            Trips on each day with any, indexed by ordinal, in order.
        """
        ends = [self.weekly["start_date"], self.weekly["end_date"], self.exceptions["date"]]
        dates = pd.concat(ends).astype(np.int64)
        if dates.empty:
            return pd.Series(dtype=np.int64)
        first, days = int(dates.min()), int(dates.max() - dates.min()) + 1
        total = self._weekly_trips(of_service, first, days)
        np.add.at(total, (self.exceptions["date"].to_numpy(int) - first), self._changes(of_service))
        found = np.flatnonzero(total > 0)
        return pd.Series(total[found], index=first + found)

    def _weekly_trips(self, of_service: pd.Series, first: int, days: int) -> np.ndarray:
        count = self.weekly["service_id"].map(of_service).fillna(0).to_numpy(np.int64)
        start = self.weekly["start_date"].to_numpy(np.int64) - first
        stop = np.maximum(self.weekly["end_date"].to_numpy(np.int64) - first + 1, start)
        weekday = (first - 1 + np.arange(days)) % 7
        total = np.zeros(days, dtype=np.int64)
        for number, name in enumerate(WEEKDAYS):
            change = np.zeros(days + 1, dtype=np.int64)
            runs = count * self.weekly[name].to_numpy(np.int64)
            np.add.at(change, start, runs)
            np.add.at(change, stop, -runs)
            total += np.where(weekday == number, np.cumsum(change)[:-1], 0)
        return total

    def _changes(self, of_service: pd.Series) -> np.ndarray:
        """Trips that each exception adds to its day or takes from it."""
        exceptions = self.exceptions
        joined = exceptions.merge(self.weekly, on="service_id", how="left")
        day = joined["date"].to_numpy(np.int64)
        flags = joined[list(WEEKDAYS)].to_numpy()[np.arange(len(day)), (day - 1) % 7]
        inside = (joined["start_date"] <= day) & (joined["end_date"] >= day)
        runs = (flags == 1) & inside.to_numpy()
        wanted = joined["exception_type"].to_numpy() == ADDED
        count = joined["service_id"].map(of_service).fillna(0).to_numpy(np.int64)
        change: np.ndarray = count * (wanted.astype(np.int64) - runs)
        return change
