"""State of one browser session: its place, scenario, site edits, plans and long work.

Only this package touches `st.session_state` and `st.cache_*`. How pages use it:

- A page is a module with `show(place)`. `menu.with_frame` calls it with the session's place,
  draws heading, sidebar, notices and progress around it, and shows any failure as a sentence.
- `place()` is the place with the site edits. It stays the same object until something changes, so
  it may be an argument of `result_of(slot, place, ...)`. `base_place()` is without edits.
- `scenario()` holds the choices; `change_scenario(count=5, keep=(...,))` changes some of them.
  Which sites must or must not open are its `keep` and `forbid`; facts about sites are edits.
- `edit(SiteEdit("S1").with_facts(cost=2e6))` and `edit(SiteEdit("new-1", added=True,
  point=(e, n)))` check the edit and return the place; `set_edits(())` removes all edits.
- `choose_sites(choices)` sets edits, `keep` and `forbid` in one step, which `undo()` takes back.
- `make_plan(name)` starts a plan; `plan_names()` lists them, `plans()` holds those that are open,
  `plan()` is the one on screen; `reopen_plans(name)` opens another, in another process.
  `show_plan`, `keep_plan`, `rename_plan`, `pin_plan`, `copy_plan` and `delete_plan` change them;
  `is_outdated(outcome)` tells whether sites were edited since.
- `start_work(label, work, *arguments, slot=...)` starts any other long work, in another process.
  `result_of(slot, *arguments)` is its result, None until it has arrived; `is_working(slot,
  *arguments)` tells whether it is on its way. Start work when a button is pressed, or when there
  is neither a result nor work for it.
- `latest_report(slot, "points")` is a field of the latest report of running work.
- `@fragment` makes a part of a page rerun by itself; `widget_key(name, value)` is the key of a
  widget whose answer survives a change of page; `plain(text)` shows users' text as typed.

- `may_change()` tells whether the person may change what is open; `share_work`, `shares`,
  `end_share` and `copy_shared` are for work that people share. Functions that change anything
  refuse people who may only look, whatever a page draws.

Every change is saved at once in the owner's folder (see `owner` and `trash`), and the address bar
says how to open it again.
"""

from nhcplanner.pages.session.current import offered_places
from nhcplanner.pages.session.messages import (
    app_words,
    fault_table,
    fragment,
    plain,
    report_errors,
    rerun,
    sentence,
    show_error,
)
from nhcplanner.pages.session.plan_list import (
    LONGEST_NAME,
    copy_plan,
    delete_plan,
    failed_plan,
    is_pinned,
    keep_plan,
    key_figures,
    pin_plan,
    plan,
    plan_edits,
    plan_names,
    plan_on_screen,
    plans,
    rename_plan,
    show_plan,
)
from nhcplanner.pages.session.projects import open_project
from nhcplanner.pages.session.queue import prepare_worker
from nhcplanner.pages.session.saved_work import delete_saved, discard_saved, saved_work
from nhcplanner.pages.session.shared_work import (
    copy_shared,
    end_share,
    is_shared,
    may_change,
    share_work,
    shares,
)
from nhcplanner.pages.session.state import (
    base_place,
    begin_page,
    case,
    case_key,
    change_scenario,
    edit,
    edits,
    end_tour,
    is_new,
    is_outdated,
    is_tour_over,
    keep_answer,
    keep_case,
    keep_upload,
    notices,
    open_place,
    place,
    place_id,
    save_error,
    scenario,
    set_edits,
    set_scenario,
    stored_answer,
    upload,
    upload_key,
    upload_place,
    widget_key,
    work_name,
)
from nhcplanner.pages.session.work import (
    answer,
    choose_sites,
    is_working,
    jobs,
    latest_answer,
    latest_index,
    latest_report,
    make_plan,
    redo,
    redo_count,
    reopen_plans,
    result_of,
    site_choices,
    start_work,
    stop_job,
    take_results,
    undo,
    undo_count,
)

__all__ = [
    "LONGEST_NAME",
    "answer",
    "app_words",
    "base_place",
    "begin_page",
    "case",
    "case_key",
    "change_scenario",
    "choose_sites",
    "copy_plan",
    "copy_shared",
    "delete_plan",
    "delete_saved",
    "discard_saved",
    "edit",
    "edits",
    "end_share",
    "end_tour",
    "failed_plan",
    "fault_table",
    "fragment",
    "is_new",
    "is_outdated",
    "is_pinned",
    "is_shared",
    "is_tour_over",
    "is_working",
    "jobs",
    "keep_answer",
    "keep_case",
    "keep_plan",
    "keep_upload",
    "key_figures",
    "latest_answer",
    "latest_index",
    "latest_report",
    "make_plan",
    "may_change",
    "notices",
    "offered_places",
    "open_place",
    "open_project",
    "pin_plan",
    "place",
    "place_id",
    "plain",
    "plan",
    "plan_edits",
    "plan_names",
    "plan_on_screen",
    "plans",
    "prepare_worker",
    "redo",
    "redo_count",
    "rename_plan",
    "reopen_plans",
    "report_errors",
    "rerun",
    "result_of",
    "save_error",
    "saved_work",
    "scenario",
    "sentence",
    "set_edits",
    "set_scenario",
    "share_work",
    "shares",
    "show_error",
    "show_plan",
    "site_choices",
    "start_work",
    "stop_job",
    "stored_answer",
    "take_results",
    "undo",
    "undo_count",
    "upload",
    "upload_key",
    "upload_place",
    "widget_key",
    "work_name",
]
