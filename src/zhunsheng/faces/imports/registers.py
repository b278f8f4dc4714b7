"""The registers that take files, in the order in which a county office fills them."""

from zhunsheng.activities.proficiency.enrol.importing import Enrolments
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.register import Registers
from zhunsheng.registry.catalogue.importing import Matrices, Methods, Parameters, Standards
from zhunsheng.registry.equipment.importing import Equipment
from zhunsheng.registry.institutions.importing import Institutions
from zhunsheng.registry.institutions.importing_contacts import Contacts
from zhunsheng.registry.institutions.importing_risk import RiskClasses
from zhunsheng.registry.institutions.importing_sites import Sites
from zhunsheng.registry.people.importing import People
from zhunsheng.registry.scopes.importing import Scopes

REGISTERS = Registers(
    [
        Institutions(), Sites(), Contacts(), People(), Equipment(), Scopes(), RiskClasses(),
        Parameters(), Matrices(), Methods(), Standards(),
    ]
)  # fmt: skip
FILES = Registers([*REGISTERS, Enrolments()])
"""With those that belong to one activity: their files are sent on its own page, and looked at where all files are."""
UNNAMED: dict[str, Text] = {"identity_masked": t("Identity number", "身份证号")}
"""Columns whose changes are told under another name than the file's."""
