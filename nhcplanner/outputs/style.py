"""One look for maps, charts and pages: colours that hold for colour-blind eyes, and their use."""

BLUE = "#005EB8"
DARK_BLUE = "#003087"
INK = "#212B32"
FOCUS = "#FFEB3B"
GREY = "#768692"
PALE = "#F0F4F5"
WHITE = "#FFFFFF"
NO_DATA = "#D8DDE0"

CLASSES = 7
"""No map shows more classes than an eye can tell apart."""

_NEED = ("#8C2D04", "#CC4C02", "#EC7014", "#FE9929", "#FEC44F", "#FEE391", "#FFF7BC")

BEFORE, AFTER = GREY, BLUE
"""Colours of a chart's two bars: before the plan and after it."""


def need(classes: int) -> tuple[str, ...]:
    """Colours from the greatest need (dark) to the least (pale).

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
    """Colours that stand for different things in no order (Okabe and Ito).

    Parameters
    ----------
    classes
        How many, 1 to `CLASSES`.
    """
    return _WORDS[:classes]


PAGE = """<style>
.stMainBlockContainer { padding-top: 2.6rem; }
[data-testid="stSidebarHeader"] { height: 2.5rem; margin: 0; }
</style>"""
"""Takes the empty space from the top of the app's pages."""

APP_OPTIONS = (
    "--browser.gatherUsageStats=false",
    "--browser.serverAddress=localhost",
    "--client.toolbarMode=minimal",
    "--client.showErrorDetails=type",
    "--client.showErrorLinks=false",
    f"--theme.primaryColor={BLUE}",
    f"--theme.textColor={INK}",
    f"--theme.backgroundColor={WHITE}",
    f"--theme.secondaryBackgroundColor={PALE}",
)
"""How the app is started where no configuration file lies beside it."""
