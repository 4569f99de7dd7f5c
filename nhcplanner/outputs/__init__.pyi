from . import frames as frames
from .brief.closures import closure_page as closure_page
from .brief.closures import write_closure as write_closure
from .brief.pictures import plan_figure as plan_figure
from .export_formats import (
    WRITERS as WRITERS,
)
from .export_formats import (
    Writer as Writer,
)
from .export_formats import (
    as_one as as_one,
)
from .export_formats import (
    chosen_writers as chosen_writers,
)
from .export_formats import (
    write_handin as write_handin,
)
from .gis.place_files import write_left_out as write_left_out
from .gis.place_files import write_neighbourhoods as write_neighbourhoods
from .gis.postgis import (
    Database as Database,
)
from .gis.postgis import (
    check_postgis as check_postgis,
)
from .gis.postgis import (
    into_postgis as into_postgis,
)
from .maps.plan_map import plan_map as plan_map
from .maps.plan_map import save_map as save_map
from .plan_files import write_files as write_files
from .plan_files import write_table_files as write_table_files
from .report import as_json as as_json
from .report import summary as summary
from .style import APP_OPTIONS as APP_OPTIONS
from .tables.compare import write_comparison as write_comparison
from .tables.sites import write_template as write_template
from .wording.method import scenario_text as scenario_text
from .wording.terms import words as words
