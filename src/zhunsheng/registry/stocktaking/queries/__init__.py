"""The questions asked of stock-takings: what an entry holds, what all of them come to."""

from zhunsheng.registry.stocktaking.queries.entries import facts_of, reports_of, totals_of
from zhunsheng.registry.stocktaking.queries.totals import RollUp, Row, rollup

__all__ = ["RollUp", "Row", "facts_of", "reports_of", "rollup", "totals_of"]
