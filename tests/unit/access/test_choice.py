import numpy as np
import pytest

from nhcplanner.access import choice

RNG = np.random.default_rng(4)
MINUTES = RNG.uniform(1, 30, (60, 5))
SIZE = np.array([2000.0, 9000.0, 5000.0, 14000.0, 7000.0])
WEIGHTS = np.array([-1.0, -0.2, 0.6])


def test_shares_are_the_logit_worked_out_by_hand():
    minutes = np.array([[3.0, np.inf, 8.0], [np.inf] * 3])
    found = choice.shares(minutes, np.array([10.0, 10.0, 40.0]), WEIGHTS)
    odds = [
        np.exp(-np.log(4) - 0.6 + 0.6 * np.log(10)),
        np.exp(-np.log(9) - 1.6 + 0.6 * np.log(40)),
    ]
    assert found[0].tolist() == pytest.approx([odds[0] / sum(odds), 0, odds[1] / sum(odds)])
    assert found[1].tolist() == [0, 0, 0]


def test_the_fit_finds_the_weights_that_people_chose_by():
    patients = 1000 * choice.shares(MINUTES, SIZE, WEIGHTS)
    assert choice.estimate_weights(patients, MINUTES, SIZE) == pytest.approx(WEIGHTS, abs=0.02)


def test_the_model_beats_nearest_only_where_people_do_not_go_to_the_nearest():
    patients = 1000 * choice.shares(MINUTES, SIZE, WEIGHTS)
    found = choice.fit(patients, MINUTES, SIZE, np.repeat(["a", "b", "c"], 20))
    assert found.overlap > 0.98
    nearest = patients[np.arange(60), MINUTES.argmin(axis=1)].sum() / patients.sum()
    assert found.overlap_nearest == pytest.approx(nearest)
    assert found.nearest == pytest.approx(nearest)
    order = np.argsort(MINUTES, axis=1)
    assert found.second == pytest.approx(
        patients[np.arange(60), order[:, 1]].sum() / patients.sum()
    )


def test_overlap_by_hand():
    patients = np.array([[6.0, 4.0]])
    assert choice.overlap(patients, np.array([[1.0, 0.0]])) == 0.6
    assert choice.overlap(patients, np.array([[0.5, 0.5]])) == 0.9
