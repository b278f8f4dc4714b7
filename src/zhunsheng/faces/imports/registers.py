"""The registers that take files, in the order in which a county office fills them."""

from zhunsheng.foundation.imports.register import Registers
from zhunsheng.registry.equipment.importing import Equipment
from zhunsheng.registry.institutions.importing import Institutions

REGISTERS = Registers([Institutions(), Equipment()])
