"""Colours of maps, charts and pages, safe for colour-blind readers, and the style of pages."""

BLUE = "#005EB8"
DARK_BLUE = "#003087"
INK = "#212B32"
FOCUS = "#FFEB3B"
GREY = "#768692"
PALE = "#F0F4F5"
TO_FILL = "#FFF6D6"
"""Background of a cell that people must fill."""
WHITE = "#FFFFFF"
NO_DATA = "#D8DDE0"

CLASSES = 7
"""Largest number of classes on a map, so that readers can distinguish them."""

_NEED = ("#8C2D04", "#CC4C02", "#EC7014", "#FE9929", "#FEC44F", "#FEE391", "#FFF7BC")

_WITHIN = ("#DCEBF7", "#B3D3EC", "#7FB4DC", "#3D87C0")
"""Within reach, the nearest first: one hue."""
_BEYOND = ("#C2307A", "#96105A", "#6E0A46")
"""Beyond reach, the nearest first: another hue, darker than any within reach."""
UNREACHED = "#4C5560"
"""Beyond the longest journey measured: grey, without a hue; maps on pages hatch it."""


def minutes(within: int, beyond: int) -> tuple[str, ...]:
    """Return colours of classes of minutes, the nearest first.

    Parameters
    ----------
    within, beyond
        Number of classes up to the minutes that count as reached, and beyond them.

    Examples
    --------
    >>> minutes(1, 2)
    ('#DCEBF7', '#C2307A', '#6E0A46')
    """
    parts = ((within, _WITHIN), (beyond, _BEYOND))
    return tuple(
        colours[round(number * (len(colours) - 1) / max(classes - 1, 1))]
        for classes, colours in parts
        for number in range(classes)
    )


BEFORE, AFTER = GREY, BLUE
"""Colours of bars before and after the plan."""


def need(classes: int) -> tuple[str, ...]:
    """Return colours from the greatest need (dark) to the least (pale).

    Parameters
    ----------
    classes
        How many, 1 to `CLASSES`.

    Examples
    --------
    >>> need(2)
    ('#8C2D04', '#FFF7BC')
    """
    last = len(_NEED) - 1
    return tuple(_NEED[round(i * last / max(classes - 1, 1))] for i in range(classes))


_WORDS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")


def words(classes: int) -> tuple[str, ...]:
    """Return colours for categories without an order (Okabe and Ito).

    Parameters
    ----------
    classes
        How many, 1 to `CLASSES`.
    """
    return _WORDS[:classes]


PAGE = f"""<style>
.stMainBlockContainer {{ padding-top: 3.6rem; padding-bottom: 3rem; max-width: 1500px; }}
[data-testid="stHeader"] {{ background: {DARK_BLUE}; height: 2.6rem; min-height: 2.6rem; }}
[data-testid="stHeader"]::before {{
  content: "Neighbourhood health centre planner"; color: {WHITE}; font-weight: 600;
  position: absolute; left: 3.2rem; top: 0.55rem;
}}
[data-testid="stHeader"] :is(button, button *, svg) {{ color: {WHITE}; }}
[data-testid="stSidebarHeader"] {{ height: 2.6rem; margin: 0; padding-bottom: 0; }}
[data-testid="stSidebarUserContent"] {{ padding-top: 0.5rem; }}
.stMainBlockContainer h1 {{ font-size: 1.75rem; padding: 0.2rem 0; }}
.stMainBlockContainer h3 {{ font-size: 1.25rem; padding: 0.3rem 0; }}
[data-testid="stMetricValue"] {{ font-size: 1.6rem; }}
[data-testid="stElementContainer"]:has(> .stHtml:empty) {{ display: none; }}
.here {{ font-size: 0.875rem; line-height: 1.45; }}
.here hr {{ margin: 0.6rem 0; }}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {{
  color: #4C6272 !important; opacity: 1 !important; }}
[data-stale="true"] {{ opacity: 1 !important; }}
.legend, .legend li {{ font-size: 0.875rem; }}
.stMain :is([data-testid="stWidgetLabel"], [data-testid="stCheckbox"],
  [data-testid="stMetricLabel"], [data-testid="stMetricDelta"], button) :is(p, div, label) {{
  white-space: normal !important; text-overflow: clip !important; overflow: visible; }}
.stMain [data-testid="stButtonGroup"] > div {{ flex-wrap: wrap; }}
.react-aria-ComboBox input {{ min-height: 24px; min-width: 24px; }}
[data-tag] {{ height: auto !important; max-width: 100%; }}
[data-tag] > span {{ white-space: normal !important; }}
@media (max-width: 1000px) {{
  .stMain [data-testid="stHorizontalBlock"] {{ flex-wrap: wrap; }}
  .stMain [data-testid="stColumn"] {{ min-width: min(100%, 13rem); }}
  .stMain [data-testid="stColumn"]:has(iframe, canvas, table) {{ min-width: 100%; }}
}}
a:focus-visible, button:focus-visible, [role="tab"]:focus-visible, summary:focus-visible,
[data-testid="stSidebarNavLink"]:focus-visible {{
  background-color: {FOCUS} !important; color: {INK} !important;
  box-shadow: 0 0 0 3px {INK} !important; outline: none !important;
}}
label:has(input:focus-visible) {{ outline: 3px solid {INK}; box-shadow: 0 0 0 5px {FOCUS}; }}
:is(.react-aria-TextField > div, .react-aria-ComboBox > [role="group"],
  [data-testid="stTextInputRootElement"], [data-testid="stTextAreaRootElement"]):focus-within,
.stMain:focus-visible, [role="slider"]:focus-visible, [data-testid="stDataFrame"]:focus-within {{
  outline: 3px solid {INK} !important; outline-offset: -1px;
  box-shadow: inset 0 0 0 5px {FOCUS} !important; }}
</style>"""
"""Style sheet of the app's pages: top bar, size of figures, visible focus."""

APP_OPTIONS = (
    "--browser.gatherUsageStats=false",
    "--browser.serverAddress=localhost",
    "--client.toolbarMode=minimal",
    "--client.showErrorDetails=type",
    "--client.showErrorLinks=false",
    "--server.address=localhost",
    "--server.enableXsrfProtection=true",
    "--server.fileWatcherType=none",
    "--server.maxUploadSize=200",
    "--server.showEmailPrompt=false",
    f"--theme.primaryColor={BLUE}",
    f"--theme.textColor={INK}",
    f"--theme.backgroundColor={WHITE}",
    f"--theme.secondaryBackgroundColor={PALE}",
)
"""Options with which the app is started if it has no configuration file."""
