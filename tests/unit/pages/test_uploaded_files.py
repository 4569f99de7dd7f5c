"""A session holds its latest uploaded files only."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from nhcplanner.pages import uploaded_files
from nhcplanner.pages.middleware import Middleware

pytestmark = pytest.mark.unit


@pytest.fixture
def manager(monkeypatch):
    made = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=made))
    return made


def put(manager, session, file_id, base=""):
    """Send one upload through the middleware to an app that stores it as Streamlit does."""

    async def app(scope, receive, send):
        manager.add_file(session, UploadedFileRec(file_id, "a.csv", "text/csv", b"x"))
        await send({"type": "http.response.start", "status": 204, "headers": []})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "PUT", "scheme": "http", "headers": [(b"host", b"localhost")],
        "path": f"{base}/_stcore/upload_file/{session}/{file_id}",
    }  # fmt: skip
    # in a thread of its own: a browser test of the same process may hold this thread's loop
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(Middleware(app)(scope, None, send))).result()
    assert sent[0]["status"] == 204


@pytest.mark.parametrize("base", ["", "/nhc"])
def test_only_the_latest_files_of_a_session_are_held(manager, base):
    for number in range(20):
        put(manager, "one", f"f{number}", base)
    put(manager, "two", "g", base)
    assert list(manager.file_storage["one"]) == ["f16", "f17", "f18", "f19"]
    assert list(manager.file_storage["two"]) == ["g"]


def test_other_requests_delete_nothing(manager):
    for number in range(5):
        manager.add_file("one", UploadedFileRec(f"f{number}", "a.csv", "text/csv", b"x"))
    uploaded_files.keep_latest(uploaded_files.session_of("/_stcore/health"))
    assert len(manager.file_storage["one"]) == 5


def test_a_file_that_is_no_longer_needed_is_deleted(manager, monkeypatch):
    put(manager, "one", "a")
    put(manager, "one", "b")
    context = SimpleNamespace(session_id="one")
    monkeypatch.setattr(uploaded_files, "get_script_run_ctx", lambda: context)
    uploaded_files.release(SimpleNamespace(file_id="a"))
    assert list(manager.file_storage["one"]) == ["b"]


def test_without_a_server_nothing_happens(monkeypatch):
    monkeypatch.setattr(runtime, "exists", lambda: False)
    uploaded_files.keep_latest("one")
    uploaded_files.release(SimpleNamespace(file_id="a"))
