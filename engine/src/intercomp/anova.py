"""Analysis of variance by one factor, and the mean and standard deviation it starts from, exact for written numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from intercomp.cells import Cells, as_cells
from intercomp.errors import InputError
from intercomp.inputs import FloatArray, as_centred, as_uncertainties, as_values, same_length


@dataclass(frozen=True, slots=True)
class MeanSd:
    """Arithmetic mean and sample standard deviation of n results."""

    mean: float
    sd: float
    n: int


def mean_sd(x: Any) -> MeanSd:
    """Arithmetic mean and standard deviation with n - 1, in two passes about a value of the data.

    x: (n,), n ≥ 2, in any unit; text and Decimals are centred exactly. Raises InputError on data that are no numbers.
    """
    data = as_centred(x, minimum=2)
    return MeanSd(float(data.deviations.mean() + data.origin), float(data.deviations.std(ddof=1)), data.n)


@dataclass(frozen=True, slots=True, eq=False)
class Anova:
    """One-way analysis of variance: floats for one data set, arrays (data sets,) for many.

    g groups, n results · ss, df, ms between and within · f = ms_between/ms_within and its p · r2 = ss_between/ss_total
    · s = √ms_within · n_typical the n of a balanced design, (n - Σn_i²/n)/(g - 1) otherwise · group_means. A figure
    that cannot be computed is NaN and `status` says why.
    """

    g: Any
    n: Any
    mean: Any
    group_means: FloatArray
    group_n: FloatArray
    ss_between: Any
    ss_within: Any
    df_between: Any
    df_within: Any
    ms_between: Any
    ms_within: Any
    f: Any
    p: Any
    r2: Any
    s: Any
    n_typical: Any
    status: Any
    method: str = "one-way analysis of variance"


def anova(groups: Any) -> Anova:
    """One-way analysis of variance of g groups, equal in size or not.

    ss_between = Σ n_i(ȳ_i - ȳ)², ss_within = ΣΣ(y_ij - ȳ_i)². groups: (groups × replicates), or (data sets × groups ×
    replicates), ragged lists or NaN-padded arrays, text and Decimals centred exactly. Raises InputError on data that
    are no numbers.
    """
    return analyse(as_cells(groups, "groups", words=("data set", "group")))


def analyse(cells: Cells) -> Anova:
    """The figures of `anova` from cells already taken in."""
    x, present, shaped = cells.deviations, cells.present, cells.shaped
    n = present.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(present, x, 0.0).sum(axis=2) / n
        within = (np.where(present, x - means[:, :, None], 0.0) ** 2).sum(axis=(1, 2))
        total, g, taken = n.sum(axis=1), (n > 0).sum(axis=1), n > 0
        mean = np.where(taken, n * means, 0.0).sum(axis=1) / total
        between = (n * np.where(taken, means - mean[:, None], 0.0) ** 2).sum(axis=1)
        noise = total * (8 * np.finfo(np.float64).eps * np.fmax.reduce(np.abs(x), axis=(1, 2), initial=0.0)) ** 2
        within, between = within * (within > noise), between * (between > noise)
        df_between, df_within = g - 1, total - g
        ms_between = np.where(g > 1, between / df_between, np.nan)
        ms_within = np.where(df_within > 0, within / df_within, np.nan)
        f = np.where(ms_within > 0, ms_between / ms_within, np.nan)
        r2 = np.where(between + within > 0, between / (between + within), np.nan)
        n_typical = (total - (n * n).sum(axis=1) / total) / df_between
    return Anova(
        g=shaped(g),
        n=shaped(total),
        mean=shaped(mean + cells.origins),
        group_means=shaped(means + cells.origins[:, None]),
        group_n=shaped(n),
        ss_between=shaped(between),
        ss_within=shaped(within),
        df_between=shaped(df_between),
        df_within=shaped(df_within),
        ms_between=shaped(ms_between),
        ms_within=shaped(ms_within),
        f=shaped(f),
        p=shaped(np.asarray(scipy.stats.f.sf(f, np.maximum(df_between, 1), np.maximum(df_within, 1)))),
        r2=shaped(r2),
        s=shaped(np.sqrt(ms_within)),
        n_typical=shaped(n_typical),
        status=shaped(_status(df_between, df_within, within)),
    )


def _status(df_between: FloatArray, df_within: FloatArray, within: FloatArray) -> Any:
    problems = np.array([df_between < 1, df_within < 1, within == 0, np.ones(within.shape, dtype=bool)])
    told = np.array(["fewer than two groups", "no replicates", "no spread within groups", "computed"])
    return told[problems.argmax(axis=0)]


@dataclass(frozen=True, slots=True)
class NestedAnova:
    """Two-stage nested design from the summaries of J groups of K results: is there a component between groups?

    s_a² = K s²(means) and s_b² = mean s_j² estimate the variance within if there is none between; f = s_a²/s_b²;
    s_between² = (s_a² - s_b²)/K (0 if negative); u = s(means)/√J, the uncertainty of the grand mean.
    """

    groups: int
    replicates: int
    grand_mean: float
    s_of_means: float
    s_a: float
    s_b: float
    f: float | None
    p: float | None
    s_between: float
    u: float
    status: str
    edition: str = "JCGM 100:2008, H.5"


def nested_anova(means: Any, sds: Any, n: int) -> NestedAnova:
    """Balanced nested design from the mean and standard deviation of each group of n results.

    means, sds: (J,), J ≥ 2, in one unit. Raises InputError on unequal lengths, negative sds and n < 2.
    JCGM 100:2008, H.5.2.
    """
    y, s = as_values(means, "means", minimum=2), as_uncertainties(sds, "sds", zero=True)
    same_length(means=y, sds=s)
    if n < 2:
        raise InputError("n", f"{n} results to a group", "give at least two")
    within, among = float(np.mean(s**2)), float(np.var(y, ddof=1))
    f = n * among / within if within > 0 else None
    degrees = y.size - 1, y.size * (n - 1)
    return NestedAnova(
        groups=y.size,
        replicates=n,
        grand_mean=float(y.mean()),
        s_of_means=among**0.5,
        s_a=(n * among) ** 0.5,
        s_b=within**0.5,
        f=f,
        p=None if f is None else float(scipy.stats.f.sf(f, *degrees)),
        s_between=max(0.0, among - within / n) ** 0.5,
        u=(among / y.size) ** 0.5,
        status="computed" if f is not None else "no spread within groups",
    )
