"""Zero-half cuts from three covering rows, which fractional openings violate.

Where three rows of people share two sites each, sites opened by half seem to reach all three with
one centre and a half. No plan can: it opens one and reaches two of them, or opens two. In general,
add an odd number of rows "z <= sum of sites near" with each z at most 1, halve, and round the
coefficients up. The cut holds whatever other rules there are.

References
----------
Caprara A, Fischetti M (1996), {0, 1/2}-Chvatal-Gomory cuts, Mathematical Programming 74(3).
"""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.models.linear_program import LinearProgram

FRACTION = 1e-3  # openings below this count as none while cuts are sought
LOOSE = 0.4  # rows that are farther than this from binding are not looked at
SHARED = 0.2  # least opening that two rows must share, and least that they must not
VIOLATED = 0.02
USES = 6  # cuts that a row may take part in, in one round


class OddCuts:
    """Finds violated cuts of three rows.

    Parameters
    ----------
    box
        The program; rows "sum of whole 0-1 variables >= a share of 0 to 1", or ">= 1", are used.
    whole
        Flag of each variable that must be whole.
    """

    def __init__(self, box: LinearProgram, whole: Mask) -> None:
        rows = sparse.csr_array(box.rows)
        unit = (box.low >= 0) & (box.high <= 1)
        counts = np.diff(rows.indptr)
        of = np.repeat(np.arange(len(counts)), counts)
        site = (rows.data == 1) & (whole & unit)[rows.indices]
        share = (rows.data == -1) & (~whole & unit)[rows.indices]
        sites = np.bincount(of[site], minlength=len(counts))
        shares = np.bincount(of[share], minlength=len(counts))
        fits = (sites + shares == counts) & (sites >= 2) & (shares <= 1)
        self.rows: Positions = np.flatnonzero(fits & (box.row_low == 1 - shares))
        self.share = np.full(len(counts), -1, dtype=np.intp)
        self.share[of[share]] = rows.indices[share]
        self.share = self.share[self.rows]
        chosen = sparse.csr_array(rows[self.rows])
        chosen.data = (chosen.data > 0).astype(np.float64)
        chosen.eliminate_zeros()
        chosen.sort_indices()
        self.sites = chosen

    def find(self, values: Floats, duals: Floats, end: float) -> tuple[sparse.csr_array, Floats]:
        """Return cuts that values violate, those of rows with the largest duals first.

        Parameters
        ----------
        values
            Of each variable, relaxed.
        duals
            Of each row of the program.
        end
            When to stop looking, on the monotonic clock.

        Returns
        -------
        scipy.sparse.csr_array
            Cut x variable.
        numpy.ndarray
            The least that each must come to.
        """
        weight = np.abs(duals[self.rows])
        share = np.where(self.share >= 0, values[self.share], 1.0)
        slack = np.maximum(self.sites @ values - share, 0.0) + (1 - share)
        tight = np.flatnonzero(slack < LOOSE)
        tight = tight[np.argsort(-weight[tight], kind="stable")]
        near = self.sites[tight][:, np.flatnonzero(values > FRACTION)]
        first = _first_alike(sparse.csr_array(near))
        tight, near = tight[first], sparse.csr_array(near[first])
        pairs = _SharedOpenings(near, values[values > FRACTION], slack[tight], weight[tight])
        return self._rows(tight[pairs.triples(end)])

    def _rows(self, triples: Positions) -> tuple[sparse.csr_array, Floats]:
        cut = np.repeat(np.arange(len(triples)), 3)
        member = sparse.csr_array(
            (np.ones(len(cut)), (cut, triples.ravel())), shape=(len(triples), len(self.rows))
        )
        sites = sparse.csr_array(member @ self.sites)
        sites.data = np.ceil(sites.data / 2)
        share = self.share[triples.ravel()]
        some = share >= 0
        shares = sparse.csr_array(
            (-np.ones(int(some.sum())), (cut[some], share[some])), shape=sites.shape
        )
        without = np.bincount(cut[~some], minlength=len(triples))
        return sparse.csr_array(sites + shares), (without - 1.0).astype(np.float64)


class _SharedOpenings:
    """Covering rows, and the openings that each two of them share.

    Parameters
    ----------
    near
        CSR of ones, row x site that is open at least a little; most weighty rows first.
    opening
        Of each such site.
    slack, weight
        Of each row.
    """

    def __init__(
        self, near: sparse.csr_array, opening: Floats, slack: Floats, weight: Floats
    ) -> None:
        self.near, self.opening, self.weight = near, opening, weight
        self.load = near @ opening + slack
        scaled = near.copy()
        scaled.data = opening[near.indices]
        shared = sparse.csr_array(sparse.triu(scaled @ near.T, 1))
        shared.data[(shared.data < SHARED) | (shared.data > 1 - SHARED)] = 0
        shared.eliminate_zeros()
        self.shared = shared

    def triples(self, end: float) -> Positions:
        """Return three rows for each cut (shape cuts x 3), each row in at most `USES` of them."""
        used = np.zeros(len(self.load), dtype=np.intp)
        found: list[tuple[int, int, int]] = []
        for row in range(len(used)):
            if time.monotonic() > end:
                break
            inside = slice(self.shared.indptr[row], self.shared.indptr[row + 1])
            others = self.shared.indices[inside].astype(np.intp)
            free = used[others] < USES
            others = others[free]
            if used[row] >= USES or len(others) < 2:
                continue
            worth = self._worth(row, others, self.shared.data[inside][free])
            while used[row] < USES:
                i, j = divmod(int(np.argmax(worth)), len(others))
                if worth[i, j] <= 0:
                    break
                found.append((row, int(others[i]), int(others[j])))
                used[[row, others[i], others[j]]] += 1
                worth[i, j] = worth[j, i] = 0
                full = used[others] >= USES
                worth[full], worth[:, full] = 0, 0
        return np.array(found, dtype=np.intp).reshape(-1, 3)

    def _worth(self, row: int, others: Positions, shared: Floats) -> Floats:
        """Violation of the cut of the row and each two others, times the lesser weight."""
        near = self.near[others].toarray()
        columns = np.flatnonzero(near.any(axis=0))
        near = near[:, columns]
        mine = self.near.indices[self.near.indptr[row] : self.near.indptr[row + 1]]
        sign = np.where(np.isin(columns, mine), -1.0, 1.0) * self.opening[columns]
        half = self.load[others] - 2 * shared
        # einsum, for so many small products would only keep a threaded matmul's threads spinning.
        both = np.einsum("ik,jk->ij", near * sign, near)
        odd = self.load[row] + half[:, None] + half[None, :] - 2 * both
        broken = (1 - odd) / 2
        np.fill_diagonal(broken, 0.0)
        lesser = np.minimum(self.weight[others][:, None], self.weight[others][None, :])
        worth: Floats = np.where(broken > VIOLATED, broken * lesser, 0.0)
        return worth


def _first_alike(near: sparse.csr_array) -> Positions:
    """The first of rows with the same columns."""
    known: dict[bytes, int] = {}
    ends = near.indptr
    for row in range(near.shape[0]):
        known.setdefault(near.indices[ends[row] : ends[row + 1]].tobytes(), row)
    return np.array(list(known.values()), dtype=np.intp)
