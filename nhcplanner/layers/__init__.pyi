from .build import build_place as build_place
from .build import read_answered_map as read_answered_map
from .build import with_tables as with_tables
from .codes.naming import list_areas as list_areas
from .fetch import (
    Gathered as Gathered,
)
from .fetch import (
    from_folder as from_folder,
)
from .fetch import (
    from_web as from_web,
)
from .fetch import (
    gather as gather,
)
from .fetch import (
    networks as networks,
)
from .gathering import Finder as Finder
from .geocoding.locate import Spot as Spot
from .geocoding.locate import spot as spot
from .inputs import Extras as Extras
from .neighbourhoods import Lookup as Lookup
from .neighbourhoods import read_lookup as read_lookup
from .neighbourhoods import receive_lookup as receive_lookup
from .place_folder.check import (
    CheckSection as CheckSection,
)
from .place_folder.check import (
    check_json as check_json,
)
from .place_folder.check import (
    describe as describe,
)
from .place_folder.check import (
    lacks as lacks,
)
from .place_folder.check import (
    sections as sections,
)
from .place_folder.folder import (
    is_place_folder as is_place_folder,
)
from .place_folder.folder import (
    may_replace as may_replace,
)
from .place_folder.folder import (
    read_place as read_place,
)
from .place_folder.folder import (
    write_place as write_place,
)
from .place_folder.uploads import pack_place as pack_place
from .place_folder.uploads import unpack_place as unpack_place
from .planning_files import (
    Saved as Saved,
)
from .planning_files import (
    SavedPlan as SavedPlan,
)
from .planning_files import (
    demo_folder as demo_folder,
)
from .planning_files import (
    demo_scenario as demo_scenario,
)
from .planning_files import (
    find_place as find_place,
)
from .planning_files import (
    input_files as input_files,
)
from .planning_files import (
    read_case as read_case,
)
from .planning_files import (
    read_planned_areas as read_planned_areas,
)
from .planning_files import (
    read_record as read_record,
)
from .planning_files import (
    read_saved as read_saved,
)
from .planning_files import (
    read_scenario as read_scenario,
)
from .planning_files import (
    receive_case as receive_case,
)
from .planning_files import (
    record_path as record_path,
)
from .planning_files import (
    save as save,
)
from .population.housing import read_housing as read_housing
from .population.housing import with_housing as with_housing
from .population.origins import read_points as read_points
from .population.origins import start_at as start_at
from .population.projections import with_projection as with_projection
from .population.published_projections import read_projection as read_projection
from .provenance import (
    height_source as height_source,
)
from .provenance import (
    matrix_source as matrix_source,
)
from .provenance import (
    street_source as street_source,
)
from .provenance import (
    timetable_source as timetable_source,
)
from .readers.column_map import ColumnMap as ColumnMap
from .readers.column_map import read_map as read_map
from .readers.heights import read_heights as read_heights
from .readers.tables import read_workbook_cells as read_workbook_cells
from .registered_patients import RegisteredPatients as RegisteredPatients
from .registered_patients import find_patients_file as find_patients_file
from .registered_patients import network_lookup as network_lookup
from .registered_patients import networks_of_areas as networks_of_areas
from .registered_patients import read_networks as read_networks
from .registered_patients import read_registered_patients as read_registered_patients
from .registered_patients import receive_networks as receive_networks
from .registered_patients import receive_registered_patients as receive_registered_patients
from .sites.own_list import Estates as Estates
from .sites.own_list import read_estates as read_estates
from .sites.public_buildings import (
    read_amenities as read_amenities,
)
from .sites.public_buildings import (
    with_amenities as with_amenities,
)
from .sources import SOURCES as SOURCES
from .sources.base import Checked as Checked
from .sources.base import check_sources as check_sources
from .zones import read_zones as read_zones
from .zones import with_zones as with_zones
