"""Hand-in: the documents of a plan, made on a press and taken away as one file."""

from __future__ import annotations

import streamlit as st

from nhcplanner import workflow
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import hand_in
from nhcplanner.pages import plan_choice, session
from nhcplanner.pages import waves as pages_waves
from nhcplanner.pages.session import plain

_SLOT = "hand-in"
_USUAL = ["xlsx"]


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.plan("to be handed in")
    if outcome is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        question = _asked(outcome)
        if question is not None:
            _made(question)
    with right:
        _blank(outcome)


def _asked(outcome: Outcome) -> tuple | None:
    """Formats and how much evidence; None where no format is chosen."""
    st.subheader("What to hand in", anchor=False)
    chosen = [
        name
        for name in hand_in.formats()
        if st.checkbox(
            f"**{hand_in.title(name)}**: {plain(hand_in.words(name))}",
            key=session.stays(f"handin_{name}", name in _USUAL),
        )
    ]
    seconds = st.slider(
        "Seconds to look for more evidence",
        10,
        300,
        step=10,
        key=session.stays("handin_seconds", 60),
        help="Other plans nearly as good, the price of priority, what each site is worth, other "
        "reaches: the longer, the more is proved",
    )
    waves = ()
    if st.checkbox("With the programme in waves", key=session.stays("handin_waves", False)):
        waves = pages_waves.chosen_waves(outcome)
        st.caption(plain(hand_in.programme([(one.name, one.count) for one in waves])))
    if not chosen:
        st.warning("Choose at least one format.")
        return None
    effort = workflow.Effort(seconds=float(seconds), waves=waves)
    return outcome, tuple(chosen), effort


def _made(question: tuple) -> None:
    under_way = session.busy(_SLOT, *question)
    if st.button("Make the documents", type="primary", disabled=under_way):
        session.ask("Making the hand-in", workflow.make_hand_in, *question, slot=_SLOT, gives=True)
        st.rerun()
    if under_way:
        st.caption("The documents are being made; you may go on with other pages.")
        return
    made = session.found(_SLOT, *question)
    if made is None:
        st.caption("Made when you press, on this computer; nothing is sent anywhere.")
        return
    size = len(made.content) / 1e6
    st.download_button(
        f"Download {plain(made.name)} ({size:.1f} MB)",
        made.content,
        made.name,
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    _inside(made)


def _inside(made: workflow.HandInFile) -> None:
    with st.expander(f"In it: {plural(len(made.files), 'file')}"):
        st.markdown("\n".join(f"- {plain(name)}" for name in made.files))
    if made.reasons:
        with st.expander(f"Not there, or not complete ({len(made.reasons):,})"):
            st.dataframe(hand_in.reasons(made.reasons), hide_index=True)


def _blank(outcome: Outcome) -> None:
    st.subheader("For people to fill in", anchor=False)
    st.markdown("What nobody has told stays blank, never zero; marked cells wait for it.")
    st.dataframe(
        hand_in.blanks(outcome),
        hide_index=True,
        height=420,
        column_config={
            "what": st.column_config.Column("To fill in", width=225),
            "known": st.column_config.Column("Known", width=65, help="Of how many centres"),
        },
    )
    st.caption("No figure about patients belongs in any of these documents.")
