"""Uncertainty budgets as data: a formula over named inputs, propagated by the GUM and by Monte Carlo."""

from intercomp.budget.formula import Formula as Formula
from intercomp.budget.gum import Budget as Budget
from intercomp.budget.gum import MultivariateBudget as MultivariateBudget
from intercomp.budget.gum import budget as budget
from intercomp.budget.monte_carlo import MonteCarlo as MonteCarlo
from intercomp.budget.monte_carlo import monte_carlo as monte_carlo
from intercomp.budget.quantities import Quantity as Quantity
from intercomp.budget.type_a import calibration_line as calibration_line
from intercomp.budget.type_a import observed as observed
from intercomp.budget.type_a import type_a as type_a
