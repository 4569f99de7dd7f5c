"""A cluster over TLS: certificates are made here, with the commands that the guide shows."""

import re
import shlex
import shutil
import subprocess
import warnings
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster, Security

from nhcplanner import workflow
from nhcplanner.base.errors import InputError, PlannerWarning
from nhcplanner.scale import Executor
from nhcplanner.scale.workers import _is_here as is_here
from nhcplanner.scale.workers import without_password

GUIDE = Path(__file__).parents[3] / "docs" / "howto" / "dask-tls.md"
OPENSSL = re.findall(r"^ *\$ (openssl .*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)


def double(number: int, progress=None) -> int:
    return 2 * number


def authority(folder: Path) -> dict[str, str]:
    """Make an authority and a certificate as the guide says, and Dask's settings that name them."""
    folder.mkdir()
    assert len(OPENSSL) == 3
    for line in OPENSSL:
        subprocess.run(shlex.split(line), cwd=folder, check=True, capture_output=True)
    return {
        "distributed.comm.tls.ca-file": str(folder / "ca.pem"),
        **{
            f"distributed.comm.tls.{role}.{what}": str(folder / f"dask.{ending}")
            for role in ("client", "scheduler", "worker")
            for what, ending in (("cert", "pem"), ("key", "key"))
        },
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Settings of the cluster's own authority and of another, and the cluster's address."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    folder = tmp_path_factory.mktemp("certificates")
    ours, others = authority(folder / "ours"), authority(folder / "others")
    with dask.config.set(ours):
        security = Security(require_encryption=True)
        with LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tls",
            security=security, dashboard_address=None,
        ) as cluster:  # fmt: skip
            yield ours, others, cluster.scheduler_address


def test_work_is_done_over_tls(made):
    ours, _, address = made
    assert address.startswith("tls://")
    with dask.config.set(ours):
        answers = list(Executor(dask=address).do(double, [(1,), (4,)], str))
    assert sorted(answers) == [(0, 2), (1, 8)]


def test_workers_with_other_versions_are_refused_before_anything_is_planned(made, monkeypatch):
    ours, _, address = made
    theirs = workflow.versions() | {"pulp": "0.1"}
    monkeypatch.setattr("distributed.Client.run", lambda *_: {"tls://one": theirs})
    with dask.config.set(ours), pytest.raises(InputError, match=r"other versions: pulp 0\.1, here"):
        list(Executor(dask=address).do(double, [(1,)], str))


def test_without_certificates_it_says_which_to_name(made):
    _, _, address = made
    none = dict.fromkeys(made[0])
    with dask.config.set(none), pytest.raises(InputError, match="must name certificates") as caught:
        list(Executor(dask=address).do(double, [(1,)], str))
    assert "DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in str(caught.value)


def test_another_authority_is_not_spoken_to(made, monkeypatch):
    monkeypatch.setattr("nhcplanner.scale.workers.PATIENCE", 1)
    _, others, address = made
    with dask.config.set(others), pytest.raises(InputError, match="no Dask scheduler answers"):
        list(Executor(dask=address).do(double, [(1,)], str))


@pytest.mark.parametrize(("address", "here"), [
    ("tcp://127.0.0.1:8786", True), ("tcp://localhost:8786", True), ("tcp://[::1]:8786", True),
    ("tcp://127.0.0.1.example.org:8786", False), ("tcp://10.0.0.5:8786", False),
    ("tcp://scheduler:8786", False), ("tcp://0.0.0.0:8786", False), ("tcp://[::1", False),
])  # fmt: skip
def test_only_this_machine_s_own_addresses_need_no_encryption(monkeypatch, address, here):
    assert is_here(address) is here

    def refuse(*_, **__):
        raise OSError(f"nobody at {address}")

    monkeypatch.setattr("distributed.Client", refuse)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(InputError, match="no Dask scheduler answers"):
            list(Executor(dask=address).do(double, [(1,)], str))
    warned = [one for one in caught if one.category is PlannerWarning]
    assert [("not encrypted" in str(one.message)) for one in warned] == ([] if here else [True])


def test_a_password_in_an_address_is_not_without_password(monkeypatch):
    def refuse(address, **_):
        raise OSError(f"nobody at {address}")

    monkeypatch.setattr("distributed.Client", refuse)
    assert without_password("tls://me:pa55word@host:1") == "tls://host:1"
    with pytest.raises(InputError) as caught, pytest.warns(PlannerWarning) as warned:
        list(Executor(dask="tcp://me:pa55word@10.0.0.5:8786").do(double, [(1,)], str))
    assert "pa55word" not in str(caught.value)
    assert not [one for one in warned if "pa55word" in str(one.message)]
