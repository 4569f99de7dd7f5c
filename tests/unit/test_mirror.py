"""Mirror: every module has its test file at the mirrored path, or a named reason why not.

`nhcplanner/access/need.py` is tested by `tests/unit/access/test_need.py`. A module that only
works together with others, such as a page or a command, is listed in `DRIVEN` under the test file
that drives it. `REASONS` lists the modules that need no test file at all.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PACKAGE = TESTS.parent / "nhcplanner"

REASONS = {
    "domain/assessment": "records without behaviour but their cards",
    "domain/evidence": "records without behaviour",
    "pages/script": "the entry script that Streamlit runs, of one call",
    "hosting/settings": "constants only",
}

DRIVEN = {
    "unit/travel/search/test_kernel.py": ("travel/search/request",),
    "integration/hand_in/test_brief.py": (
        "outputs/brief/annexes", "outputs/brief/choices", "outputs/brief/documents",
        "outputs/brief/sections",
    ),
    "integration/hand_in/test_evidence.py": (
        "domain/evidence_tables", "outputs/tables/access", "outputs/tables/alternatives",
        "outputs/tables/waves", "workflow/evidence", "workflow/effort", "workflow/exploration",
        "workflow/options",
    ),
    "integration/hand_in/test_hand_in_cli.py": (
        "cli/hand_in", "outputs/export_formats", "workflow/hand_in",
    ),
    "integration/hand_in/test_rerun.py": ("cli/compare", "workflow/compare", "workflow/rerun"),
    "integration/hand_in/test_verify.py": (
        "verify/other_plans", "verify/check", "verify/goals", "verify/layers",
        "verify/options", "verify/rules", "workflow/verify",
    ),
    "integration/hand_in/test_windows_of_a_plan.py": ("outputs/brief/hours", "verify/windows"),
    "integration/hand_in/test_workbook.py": (
        "outputs/workbook/appraisal", "outputs/workbook/book", "outputs/workbook/costs",
        "outputs/workbook/page", "outputs/workbook/pipeline",
    ),
    "integration/test_build.py": ("layers/inputs", "layers/validate"),
    "integration/test_build_attribute_tables.py": (
        "layers/population/attribute_tables", "layers/population/sullivan_inputs",
    ),
    "integration/test_build_faults.py": ("layers/readers/vocabulary", "layers/readers/xlsx"),
    "integration/test_cli.py": (
        "cli/access", "cli/explore", "cli/place", "cli/plan", "cli/shell", "workflow/place",
        "workflow/official_sources",
    ),
    "integration/test_cli_help.py": ("cli/app_command", "cli/reference"),
    "integration/test_cli_reasons.py": ("cli/question",),
    "integration/test_demo_place.py": ("workflow/plan", "workflow/results"),
    "integration/test_everywhere.py": ("scale/everywhere", "scale/sweep_parts"),
    "integration/test_folder.py": ("layers/place_folder/folder",),
    "integration/test_hosting.py": (
        "cli/hosting", "hosting/database", "pages/session/shared_store",
    ),
    "integration/test_greedy_files.py": ("layers/readers/tables",),
    "integration/test_isochrones.py": ("travel/search/reach",),
    "integration/test_neighbourhoods.py": ("cli/neighbourhoods",),
    "integration/test_own_lists.py": (
        "layers/geocoding/locate", "layers/sites/merge", "layers/sites/public_buildings",
        "outputs/tables/sites",
    ),
    "integration/test_patients_cli.py": ("cli/patients",),
    "integration/test_years_cli.py": ("cli/years",),
    "integration/test_sweep.py": ("cli/sweep", "scale/sweep"),
    "integration/test_travel_cache.py": ("travel/engines",),
    "integration/web/fetch/test_fetch.py": ("layers/fetch", "layers/gathering"),
    "integration/web/test_arcgis.py": ("layers/web/services",),
    "integration/web/test_cached.py": ("layers/web/cache", "layers/web/transfer"),
    "integration/web/test_hostile_web.py": ("layers/web/bodies",),
    "pages/test_access.py": ("pages/access", "pages/fairness"),
    "pages/test_app.py": ("pages/menu", "pages/middleware", "pages/session/current"),
    "pages/test_compare.py": ("pages/compare", "pages/plan_choice"),
    "pages/test_hand_in.py": ("pages/hand_in", "pages/session/work"),
    "pages/test_intake.py": (
        "pages/intake/questions", "pages/intake/upload", "pages/intake/pending",
        "pages/intake/problems",
    ),
    "pages/test_mapview.py": ("outputs/maps/panel", "pages/map_view"),
    "pages/test_method.py": ("outputs/wording/method", "pages/method"),
    "pages/test_need.py": ("pages/need",),
    "pages/test_neighbourhoods.py": ("pages/neighbourhoods", "pages/neighbourhood_choices"),
    "pages/test_patients.py": ("pages/patients",),
    "pages/test_place_files.py": ("pages/intake/place_files",),
    "pages/test_plan.py": (
        "pages/plan/edit", "pages/plan/explain", "pages/plan/plan_table", "pages/plan/result",
    ),
    "pages/test_roles.py": (
        "pages/administration", "pages/session/administration", "pages/session/rights",
        "pages/session/shared_work", "pages/session/sharing", "pages/share_panel", "pages/sign_in",
    ),
    "pages/test_rules.py": ("pages/plan/form", "pages/plan/rules"),
    "pages/test_session.py": (
        "pages/session/projects", "pages/session/saved_work", "pages/session/state",
        "pages/session/storage", "workflow/jobs", "workflow/progress",
    ),
    "pages/test_sites.py": ("pages/sites",),
    "pages/test_sizes.py": ("pages/plan/sizes",),
    "pages/test_start.py": ("pages/start",),
    "pages/test_trade_off.py": (
        "outputs/tables/trade_off", "pages/alternatives", "pages/trade_off", "workflow/trade_off",
    ),
    "pages/test_waves.py": ("pages/waves",),
    "property/test_explore_explain.py": ("explore/exchange",),
    "property/test_explore_trade_off.py": ("explore/pareto",),
    "property/test_models_bound.py": ("models/bounds/relaxation",),
    "property/test_models_lagrange.py": ("models/bounds/lagrangian",),
    "property/test_models_laws.py": ("models/infeasibility", "models/program"),
    "property/test_models_scale.py": ("models/tolerances",),
    "property/test_transit_oracle.py": ("travel/transit/calls", "travel/transit/rounds"),
    "property/test_travel_anywhere.py": ("travel/streets/turns",),
    "unit/base/test_worker.py": ("base/child",),
    "unit/layers/england/test_find.py": ("layers/england/gazetteer", "layers/england/store"),
    "unit/layers/health/test_sullivan.py": ("domain/need_measures",),
    "unit/layers/sources/test_recognition.py": ("layers/sources/unused",),
    "unit/layers/sources/test_site_lists.py": ("layers/sources/ods",),
    "unit/layers/sources/test_statistics.py": ("layers/sources/census", "layers/sources/published"),
    "unit/models/test_size.py": ("models/search/p_median",),
    "unit/outputs/brief/test_brief.py": ("outputs/brief/board", "outputs/brief/figures"),
    "unit/outputs/gis/test_writing.py": ("outputs/gis/dictionary",),
    "unit/outputs/maps/test_plan_map.py": ("outputs/maps/geometry",),
    "unit/travel/transit/test_feed.py": ("travel/transit/fields",),
    "unit/verify/test_facts.py": ("verify/files",),
}  # fmt: skip

MODULES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix()
    for path in PACKAGE.rglob("*.py")
    if not path.name.startswith("__")
}


def mirrored(module):
    folder, _, name = module.rpartition("/")
    return TESTS / "unit" / folder / f"test_{name}.py"


def driver_of(module):
    return next((test for test, modules in DRIVEN.items() if module in modules), None)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_has_a_mirrored_test_or_a_reason(module):
    ways = [
        mirrored(module).is_file(),
        driver_of(module) is not None,
        module in REASONS,
    ]
    assert any(ways), f"write {mirrored(module).relative_to(TESTS.parent).as_posix()}"


def test_every_reason_still_holds():
    listed = [module for modules in DRIVEN.values() for module in modules]
    assert len(listed) == len(set(listed))
    assert sorted({*listed, *REASONS} - MODULES) == []
    assert [test for test in DRIVEN if not (TESTS / test).is_file()] == []
    twice = [module for module in (*listed, *REASONS) if mirrored(module).is_file()]
    assert twice == [], "these have a mirrored test: take them out of the tables"
