"""The addresses of the registers of institutions, people and equipment, a line a page."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import duplicates, findings, institutions
from zhunsheng.faces.public import institutions as lookup
from zhunsheng.faces.registers import equipment, identities, institution, people


def shared(face: str, one: str) -> list[URLPattern]:
    """The pages that the office and the workspace share; `one` is the address of one institution."""
    pages = [
        ("institution", one, institution.one),
        ("institution_mend", f"{one}mend/", institution.mend),
        ("institution_shorten", f"{one}certificates/<int:key>/end/", institution.shorten),
        ("institution_contact_remove", f"{one}contacts/<int:key>/remove/", institution.remove_contact),
        ("institution_enter", f"{one}<slug:what>/new/", institution.enter),
        ("institution_change", f"{one}<slug:what>/<int:key>/", institution.change),
        ("people", f"{face}/people/", people.people),
        ("person", f"{face}/people/<uuid:pk>/", people.one),
        ("person_mend", f"{face}/people/<uuid:pk>/mend/", people.mend),
        ("person_identity", f"{face}/people/<uuid:pk>/identity/", identities.add),
        ("person_enter", f"{face}/people/<uuid:pk>/<slug:what>/new/", people.enter),
        ("person_change", f"{face}/people/<uuid:pk>/<slug:what>/<int:key>/", people.change),
        ("equipment", f"{face}/equipment/", equipment.equipment),
        ("instrument", f"{face}/equipment/<uuid:pk>/", equipment.one),
        ("instrument_mend", f"{face}/equipment/<uuid:pk>/mend/", equipment.mend),
        ("instrument_calibrate", f"{face}/equipment/<uuid:pk>/calibrations/new/", equipment.calibrate),
        ("instrument_correct", f"{face}/equipment/<uuid:pk>/calibrations/<int:key>/", equipment.correct),
    ]
    return [path(address, view, {"face": face}, name=f"{face}_{name}") for name, address, view in pages]


REGISTERS = [
    path("institutions/", lookup.institutions, name="public_institutions"),
    path("institutions/<uuid:pk>/", lookup.one, name="public_institution"),
    path("office/institutions/", institutions.institutions, name="office_institutions"),
    path("office/institutions/new/", institutions.new, name="office_institution_new"),
    path("office/institutions/levels/", institutions.levels, name="office_institution_levels"),
    path("office/institutions/duplicates/", duplicates.duplicates, name="office_duplicates"),
    path("office/institutions/duplicates/apart/", duplicates.apart, name="office_duplicates_apart"),
    path("office/institutions/duplicates/apart/<int:pk>/undo/", duplicates.take_back, name="office_apart_undo"),
    path("office/institutions/duplicates/search/", duplicates.search, name="office_duplicates_search"),
    path("office/institutions/duplicates/<uuid:first>/<uuid:second>/", duplicates.pair, name="office_duplicate"),
    path("office/institutions/merges/<int:pk>/undo/", duplicates.undo, name="office_merge_undo"),
    path("office/institutions/findings/", findings.findings, name="office_findings"),
    *shared("office", "office/institutions/<uuid:pk>/"),
    *shared("workspace", "workspace/institution/"),
]
