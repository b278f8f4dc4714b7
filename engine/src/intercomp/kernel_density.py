"""How results are distributed: kernel density, every mode of it, and how sure each mode is (ISO 13528:2022, 10.3, E.6)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intercomp.errors import Degenerate, InputError
from intercomp.inputs import FloatArray, as_centred, as_scalar
from intercomp.robust import algorithm_a

_STEPS_PER_BANDWIDTH = 8
_FAR = 16.0  # bandwidths; results further apart than this share no density that float64 could hold
_SMALLEST = 0.1  # of the peak of a single result: whatever is lower is rounding, not a mode
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Mode:
    """A local maximum of the density; `height` relative to the highest, `share` of results in its basin.

    u and present (in how many of the replicates the mode existed) are known after a bootstrap, else None.
    """

    place: float
    height: float
    share: float
    u: float | None = None
    present: float | None = None


@dataclass(frozen=True, slots=True)
class KernelDensity:
    """Normal kernel density as points to draw, and its modes in ascending order.

    `u_mode` is the standard deviation of the highest mode over bootstrap replicates, jumps between modes included.
    """

    places: FloatArray
    density: FloatArray
    bandwidth: float
    bandwidth_rule: str
    modes: tuple[Mode, ...]
    n: int
    u_mode: float | None = None
    replicates: int = 0
    seed: int | None = None

    @property
    def mode(self) -> Mode:
        """The highest mode."""
        return max(self.modes, key=lambda mode: mode.height)


def kernel_density(
    x: Any, *, sigma_pt: float | None = None, bandwidth: float | None = None, replicates: int = 0, seed: int = 1
) -> KernelDensity:
    """Normal kernel density of the results with all its modes (ISO 13528:2022, 10.3 and E.6).

        f(t) = Σ φ((t − xᵢ)/h)/(p h)

    x           results, shape (p,), any unit
    sigma_pt    σ_pt > 0: h = 0.75 σ_pt; without it h = 0.9 s*/p^0.2
    bandwidth   h itself, overriding both
    replicates  bootstrap replicates for the standard uncertainty of each mode (1000 is usual), 0 for none; `seed`
                makes them repeatable

    Modes are refined on the density itself, not read off a grid. A bootstrap mode counts as the same mode while it
    lies in the same basin. InputError on fewer than two results; Degenerate where the data give no bandwidth.
    """
    data = as_centred(x, minimum=2)
    y = np.sort(data.deviations)
    h, rule = _bandwidth(y, sigma_pt, bandwidth)
    grid = _Grid.over(y, h)
    density = grid.density(grid.counts)
    peaks = _peaks(density, y.size, h)
    places = np.array([_refined(y, h, grid.place(peak)) for peak in peaks])
    new = np.concatenate([[True], np.diff(places) > 1e-6 * h])
    places, peaks = places[new], np.round(peaks[new]).astype(np.int64)
    basins = np.array([grid.place(a + int(np.argmin(density[a:b]))) for a, b in pairwise(peaks)])
    modes = _described(places, basins, y, h)
    u_mode = None
    if replicates:
        modes, u_mode = _bootstrapped(modes, basins, y, h, grid, replicates, seed)
    shown = tuple(Mode(m.place + data.origin, m.height, m.share, m.u, m.present) for m in modes)
    line = grid.line() + data.origin
    return KernelDensity(line, density, h, rule, shown, y.size, u_mode, replicates, seed if replicates else None)


def _bandwidth(y: FloatArray, sigma_pt: float | None, bandwidth: float | None) -> tuple[float, str]:
    if bandwidth is not None:
        return as_scalar(bandwidth, "bandwidth", positive=True), "given"
    if sigma_pt is not None:
        return 0.75 * as_scalar(sigma_pt, "sigma_pt", positive=True), "0.75 sigma_pt"
    found = algorithm_a(y)
    if found.status != "converged":
        raise Degenerate("kernel_density: the results have no spread; give sigma_pt or a bandwidth", found)
    return 0.9 * found.sd / y.size**0.2, "0.9 s*/p^0.2"


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """An even grid on which wide gaps between results are cut short, so that a wild result costs no memory."""

    step: float
    left: FloatArray  # of each result, the grid point to its left
    part: FloatArray  # and how far it lies towards the next
    shift: FloatArray  # what the gaps before it were cut by
    origin: float
    kernel: FloatArray
    size: int

    @classmethod
    def over(cls, y: FloatArray, h: float) -> _Grid:
        step, margin = h / _STEPS_PER_BANDWIDTH, _FAR * h
        gaps = np.diff(y)
        shift = np.concatenate([[0.0], np.cumsum(np.where(gaps > margin, gaps - margin, 0.0))])
        place = (y - shift - y[0] + margin / 2) / step
        left = np.floor(place).astype(np.int64)
        size = int(left[-1]) + int(margin / 2 / step) + 2
        reach = np.arange(-_STEPS_PER_BANDWIDTH * 8, _STEPS_PER_BANDWIDTH * 8 + 1) / _STEPS_PER_BANDWIDTH
        kernel = np.exp(-0.5 * reach**2) / (np.sqrt(2 * np.pi) * h * y.size)
        return cls(step, left, place - left, shift, float(y[0] - margin / 2), kernel, size)

    @property
    def counts(self) -> FloatArray:
        return self.counted(np.arange(self.left.size)[None, :])[0]

    def counted(self, chosen: NDArray[Any]) -> FloatArray:
        """Results (rows of indices) shared out between the grid points on either side."""
        rows = np.arange(len(chosen))[:, None] * self.size
        left, part = rows + self.left[chosen], self.part[chosen]
        size = len(chosen) * self.size
        flat = np.bincount(left.ravel(), (1 - part).ravel(), size) + np.bincount(left.ravel() + 1, part.ravel(), size)
        return np.asarray(flat, dtype=np.float64).reshape(len(chosen), self.size)

    def density(self, counts: FloatArray) -> FloatArray:
        width = self.size + self.kernel.size - 1
        length = 1 << (width - 1).bit_length()
        product = np.fft.rfft(counts, length, axis=-1) * np.fft.rfft(self.kernel, length)
        half = self.kernel.size // 2
        return np.maximum(np.fft.irfft(product, length, axis=-1)[..., half : half + self.size], 0.0)

    def place(self, at: Any) -> Any:
        """From a place on the grid (in steps) back to the results' own axis."""
        nearest = np.clip(np.searchsorted(self.left, np.asarray(at) - 1e-9), 0, self.left.size - 1)
        before = np.maximum(nearest - 1, 0)
        closer = np.abs(self.left[before] - at) < np.abs(self.left[nearest] - at)
        return self.origin + np.asarray(at) * self.step + self.shift[np.where(closer, before, nearest)]

    def line(self) -> FloatArray:
        return self.place(np.arange(self.size, dtype=np.float64))


def _peaks(density: FloatArray, n: int, h: float) -> FloatArray:
    """Grid places of local maxima, moved to the top of the parabola through three points."""
    before, here, after = density[:-2], density[1:-1], density[2:]
    least = _SMALLEST / (np.sqrt(2 * np.pi) * h * n)
    at = np.flatnonzero((here > before) & (here >= after) & (here > least))
    bend = before[at] - 2 * here[at] + after[at]
    top = np.where(bend < 0, 0.5 * (before[at] - after[at]) / np.where(bend < 0, bend, -1.0), 0.0)
    return np.asarray(at + 1 + top, dtype=np.float64)


def _refined(y: FloatArray, h: float, start: float) -> float:
    """Mean-shift with Newton's step where the density bends down: settles on the maximum of the density itself."""
    t = start
    near = y[np.searchsorted(y, start - 9 * h) : np.searchsorted(y, start + 9 * h)]
    for _ in range(100):
        q = (near - t) / h
        weight = np.exp(-0.5 * q * q)
        slope, bend = float((weight * q).sum()), float((weight * (q * q - 1)).sum())
        move = -slope / bend * h if bend < 0 else slope / float(weight.sum()) * h
        t += float(np.clip(move, -h, h))
        if abs(move) <= 1e-12 * h:
            break
    return t


def _exact_density(y: FloatArray, h: float, at: FloatArray) -> FloatArray:
    parts = [y[np.searchsorted(y, t - 9 * h) : np.searchsorted(y, t + 9 * h)] - t for t in at]
    return np.array([np.exp(-0.5 * (part / h) ** 2).sum() for part in parts])


def _described(places: FloatArray, valleys: FloatArray, y: FloatArray, h: float) -> list[Mode]:
    """Modes with their height relative to the highest and the share of results between their valleys."""
    heights = _exact_density(y, h, places)
    counts = np.diff(np.concatenate([[0], np.searchsorted(y, valleys), [y.size]]))
    relative = heights / heights.max()
    return [Mode(float(p), float(r), float(c / y.size)) for p, r, c in zip(places, relative, counts, strict=True)]


def _bootstrapped(
    modes: list[Mode], valleys: FloatArray, y: FloatArray, h: float, grid: _Grid, replicates: int, seed: int
) -> tuple[list[Mode], float]:
    """Standard deviation of each mode over replicates, matched by basin, and of the highest whatever its basin."""
    if replicates < 2:
        raise InputError("replicates", f"{replicates}", "give at least two, 1000 as a rule")
    random, seen, highest = np.random.default_rng(seed), [], []
    at_once = max(1, _AT_ONCE // max(grid.size, y.size))
    for start in range(0, replicates, at_once):
        chosen = random.integers(0, y.size, (min(at_once, replicates - start), y.size))
        for density in grid.density(grid.counted(chosen)):
            peaks = _peaks(density, y.size, h)
            heights = density[np.round(peaks).astype(np.int64)]
            highest.append(float(grid.place(peaks[np.argmax(heights)])))
            seen.append(_one_a_basin(grid.place(peaks), heights, valleys))
    table = np.array(seen)
    described = []
    for mode, places in zip(modes, table.T, strict=True):
        held = places[~np.isnan(places)]
        u = float(held.std(ddof=1)) if held.size > 1 else None
        described.append(Mode(mode.place, mode.height, mode.share, u, held.size / replicates))
    return described, float(np.std(highest, ddof=1))


def _one_a_basin(places: FloatArray, heights: FloatArray, valleys: FloatArray) -> FloatArray:
    """The highest peak of each basin; NaN where the replicate has none."""
    basin = np.searchsorted(valleys, places)
    ranked = np.argsort(heights)
    best = np.full(valleys.size + 1, np.nan)
    best[basin[ranked]] = places[ranked]
    return best
