"""What the app remembers: one place, one scenario, site edits and plans, shared by all pages.

Only this package touches `st.session_state` and `st.cache_*`. What pages may count on:

- A page is a module with `show(place)`; `pages.frame` calls it with the session's place, draws
  heading, sidebar, notices and progress around it, and turns any failure into a sentence.
- `place()` is the place with the site edits: the same object until something changes, so it may
  stand in `found(slot, place, ...)`. `base_place()` is without edits.
- `scenario()` is what is asked; `choose(count=5, keep=(...,))` changes some keys of it. Which
  sites must or must not open are its `keep` and `forbid`; facts about sites are edits.
- `edit(SiteEdit("S1").with_facts(cost=2e6))`, `edit(SiteEdit("new-1", added=True, point=(e, n)))`
  check the edit and give the place; `set_edits(())` undoes all.
- `choose_sites(choices)` puts edits, `keep` and `forbid` in one step, which `step_back()` undoes.
- `make_plan(name)` starts a plan; `plans()` are those at hand by name, `plan()` is the one on
  screen, `show_plan`, `keep_plan`, `drop_plan` choose among them; `stale(outcome)` says that
  sites were edited since.
- `ask(label, work, *arguments, slot=...)` starts any other long work, in another process;
  `found(slot, *arguments)` is its result, None until it is there; `busy(slot, *arguments)` says
  that it is coming. Ask on a press or where `found` is None and nothing is `busy`.
- `reported(slot, "points")` is a part of what work under way last told of itself.
- `@fragment` makes a part of a page that reruns by itself; `stays(name, value)` is the key of a
  widget whose answer outlives a change of page; `plain(text)` shows users' text as it stands.

Whatever changes is saved at once, in a file of its owner's (`owner` says who that is, `trash` when
it goes), and the address bar says how they open it again.
"""

from nhcplanner.pages.session.answers import (
    answer,
    choose_sites,
    last,
    newest,
    site_choices,
    step_back,
    steps,
)
from nhcplanner.pages.session.messages import again, fragment, guarded, plain
from nhcplanner.pages.session.places import offered
from nhcplanner.pages.session.queue import drawn
from nhcplanner.pages.session.saved_work import delete_saved, discard_saved, saved_work
from nhcplanner.pages.session.state import (
    at,
    base_place,
    begin,
    choose,
    drop_plan,
    edit,
    edits,
    fresh,
    keep_plan,
    notices,
    open_place,
    place,
    plan,
    plan_edits,
    plan_on_screen,
    plans,
    scenario,
    set_edits,
    set_scenario,
    show_plan,
    stale,
    stayed,
    stays,
    unsaved,
    upload_place,
)
from nhcplanner.pages.session.work import (
    ask,
    busy,
    cancel,
    found,
    jobs,
    make_plan,
    reopen,
    reported,
    take,
)

__all__ = [
    "again",
    "answer",
    "ask",
    "at",
    "base_place",
    "begin",
    "busy",
    "cancel",
    "choose",
    "choose_sites",
    "delete_saved",
    "discard_saved",
    "drawn",
    "drop_plan",
    "edit",
    "edits",
    "found",
    "fragment",
    "fresh",
    "guarded",
    "jobs",
    "keep_plan",
    "last",
    "make_plan",
    "newest",
    "notices",
    "offered",
    "open_place",
    "place",
    "plain",
    "plan",
    "plan_edits",
    "plan_on_screen",
    "plans",
    "reopen",
    "reported",
    "saved_work",
    "scenario",
    "set_edits",
    "set_scenario",
    "show_plan",
    "site_choices",
    "stale",
    "stayed",
    "stays",
    "step_back",
    "steps",
    "take",
    "unsaved",
    "upload_place",
]
