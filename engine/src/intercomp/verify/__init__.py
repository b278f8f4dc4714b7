"""Verification of the engine against worked cases: what `intercomp verify` runs (ISO/IEC 17025:2017, 7.11.2)."""
# ruff: noqa: F401 -- these imports are the names of this package

from intercomp.verify.case_files import (
    BadCaseFile,
    Case,
    cases_of,
    read_cases,
    shipped_cases,
    shipped_content,
    shipped_files,
)
from intercomp.verify.kinds import KINDS
from intercomp.verify.runner import CaseRecord, Figure, Record, verify, verify_case
from intercomp.verify.tolerance import Tolerance
