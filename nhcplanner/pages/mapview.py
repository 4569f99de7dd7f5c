"""The map on a page: Leaflet from the app itself, one base map that stays, layers that change."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from nhcplanner.domain.assessment import Outcome
from nhcplanner.outputs import leaflet, maps, panel
from nhcplanner.outputs.shading import shadings

_HEIGHT = 440

# Streamlit serves a component's folder; the map's frame is a neighbour of it.
_SERVED = declare_component("leaflet", path=str(leaflet.FOLDER))
_ADDRESS = f"../{_SERVED.name}"


@st.fragment
def show(outcome: Outcome) -> None:
    """Draw the plan with its legend; a choice here reruns nothing else."""
    ways = {one.name: one for one in shadings(outcome)}
    wide, narrow = st.columns([3, 1])
    with narrow:
        chosen = st.radio("Colour areas by", ways, format_func=lambda name: ways[name].title)
        words = f"{panel.legend(ways[chosen])}<br>{panel.key(outcome)}"
        st.html(f'<div style="font-size:14px">{words}</div>')
    with wide:
        st_folium(
            maps.base_map(outcome.place, _ADDRESS),
            key="map",
            height=_HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=[
                maps.area_layer(outcome, ways[chosen]),
                maps.site_layer(outcome),
                maps.centre_layer(outcome),
            ],
        )
