"""The questions asked of stock-takings: what an entry holds, what all of them come to."""

from zhunsheng.registry.stocktaking.queries.entries import facts_of, reports_of, totals_of
from zhunsheng.registry.stocktaking.queries.standing import of_family, standing_beside, standing_returns
from zhunsheng.registry.stocktaking.queries.totals import RollUp, Row, derived, rollup

__all__ = [
    "RollUp",
    "Row",
    "derived",
    "facts_of",
    "of_family",
    "reports_of",
    "rollup",
    "standing_beside",
    "standing_returns",
    "totals_of",
]
