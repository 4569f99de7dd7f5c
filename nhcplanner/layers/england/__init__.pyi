from .find import Found as Found
from .find import find_place as find_place
from .find import list_places as list_places
from .place import Choices as Choices
from .place import england as england
from .small_area import lowest_band as lowest_band
from .store import place_names as place_names
