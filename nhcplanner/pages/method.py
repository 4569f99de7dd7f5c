"""What the planner does, with which parameters, and what its words mean."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner import models
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import wording

_STORY = """
The planner chooses which buildings open as **neighbourhood health centres**. It measures the
minutes from where people start to every candidate site, puts areas into bands of need, and
lets an exact optimiser choose the sites. Every plan comes with its **gap**: how far, at most,
it is from the best plan possible.
"""

_GLOSSARY = {
    "Area": "A lower-layer super output area (LSOA), about 1,700 people.",
    "Site": "A candidate building: existing, committed, candidate or forbidden.",
    "Centre": "A site that is open in the plan.",
    "Reach": "The minutes within which people count as able to reach a centre.",
    "HLE": "Healthy life expectancy at birth, in years. Published for councils; for smaller "
    "areas it is modelled, and labelled so.",
    "Band": "Areas in order of need, cut into parts of equal people; 1 = lowest HLE = first.",
    "Quintile": "A national fifth of deprivation; 1 = most deprived.",
    "Gap": "Distance from what the plan reaches to what no plan can pass; 0 = proved best.",
    "Estimate": "Minutes from straight lines, where a place has no streets.",
}


def show(_: Place) -> None:
    """Draw the page."""
    st.markdown(_STORY)
    st.subheader("Aims")
    st.table(
        pd.DataFrame(
            {"Aim": wording.MODELS.get(name, name), "What it does": model.words}
            for name, model in models.catalogue.items()
        ).set_index("Aim")
    )
    st.subheader("Parameters")
    st.table(
        pd.DataFrame(
            {"Name": name, "Default": str(field.default), "Meaning": field.description}
            for name, field in Scenario.model_fields.items()
        ).set_index("Name")
    )
    st.subheader("Words")
    st.table(pd.Series(_GLOSSARY, name="Meaning").rename_axis("Word"))
    st.caption("The sources of a place stand with its plan, under Sources and notes.")
