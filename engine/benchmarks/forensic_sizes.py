"""False-alarm rates and powers of the forensic tests on simulated honest (and dishonest) data, seeded.

Run: python engine/benchmarks/forensic_sizes.py [T1 T3 …]. The docstrings of `intercomp.forensics` state these figures.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from intercomp.forensics import (
    copied_results,
    e_bh,
    e_process,
    geary_ratios,
    last_digit_counts,
    mean_in_triple,
    mean_possible,
    p_to_e,
    replicate_variances,
    scores_too_good,
    sd_possible,
    spreads_too_equal,
    variance_ratios,
)
from intercomp.forensics.last_digits import log10_e_values
from scipy import stats

LEVELS = (0.05, 0.01, 0.001)
Rates = dict[str, str]


def shares(p: np.ndarray) -> str:
    return " / ".join(f"{float(np.mean(p <= level)):.4f}" for level in LEVELS) + f"  ({p.size} sets)"


def t1(random: np.random.Generator) -> Rates:
    rates = {}
    for sd in (3, 5, 7, 50):
        readings = np.rint(random.normal(1000 + random.uniform(0, 10, (20_000, 1)), sd, (20_000, 200))).astype(int)
        counts = np.stack([(readings % 10 == digit).sum(axis=1) for digit in range(10)], axis=1)
        chi2 = ((counts - 20) ** 2 / 20).sum(axis=1)
        gate = "shut" if sd < 5 else "open"
        rates[f"sd {sd} steps, n 200 (gate {gate})"] = shares(stats.chi2.sf(chi2, 9))
    running = [e_process(random.integers(0, 10, 2000)).max() for _ in range(4000)]
    rates["e process, 2000 digits, ever >= 20"] = f"{np.mean(np.array(running) >= np.log10(20)):.4f}"
    rates["e process, 2000 digits, ever >= 1000"] = f"{np.mean(np.array(running) >= 3):.4f}"
    invented = random.choice(10, (2000, 500), p=np.array([475, 613, 736, 416, 335, 732, 363, 425, 372, 718]) / 5185)
    counts = np.stack([(invented == digit).sum(axis=1) for digit in range(10)], axis=1)
    found = np.array([last_digit_counts(row, sd_in_steps=20).p for row in counts[:500]])
    rates["power at 1e-4, a human profile, n 500: chi2, E"] = (
        f"{np.mean(found < 1e-4):.3f}, {np.mean(log10_e_values(counts) >= 4):.3f}"
    )
    return rates


def a_group(random: np.random.Generator, labs: int, items: int, step: float, bias: float, spread: float) -> np.ndarray:
    """Reported values of honest laboratories in units of sigma_r: bias by laboratory, own repeatability, rounding."""
    own = np.exp(random.normal(0, spread, (labs, 1)))
    truth = (
        random.uniform(20, 60, items) + random.normal(0, bias, (labs, 1)) + random.normal(0, bias / 2, (labs, items))
    )
    return np.rint((truth + own * random.normal(0, 1, (labs, items))) / step) * step


def t3(random: np.random.Generator) -> Rates:
    rates = {}
    worlds = {"typical": (1.5, 0.3), "alike": (0.0, 0.0), "alike, own sd": (0.0, 0.2)}
    for name, (bias, spread) in worlds.items():
        for step, items in ((1.0, 12), (0.5, 12), (0.5, 24), (0.2, 12), (0.1, 24)):
            alarms, caught, dithered, runs = 0, 0, 0, 60
            for _ in range(runs):
                values = a_group(random, 60, items, step, bias, spread)
                alarms += bool(copied_results(values, step, 1.0).flagged().any())
                values[1] = values[0]
                values[3] = values[2] + step * random.integers(-2, 3, items)
                found = copied_results(values, step, 1.0)
                hit = set(
                    zip(found.first[found.flagged()].tolist(), found.second[found.flagged()].tolist(), strict=True)
                )
                caught, dithered = caught + ((0, 1) in hit), dithered + ((2, 3) in hit)
            told = f"{alarms / runs:.2f}; full copy {caught / runs:.2f}; +-2 steps {dithered / runs:.2f}"
            rates[f"{name}, r {step}, {items} items: P(any of 1770 pairs)"] = told
    start = time.perf_counter()
    found = copied_results(a_group(random, 500, 20, 0.5, 1.5, 0.3), 0.5, 1.0)
    rates["500 laboratories, 20 items"] = f"{found.p.size} pairs in {time.perf_counter() - start:.2f} s"
    return rates


def t4(random: np.random.Generator) -> Rates:
    rates, runs = {}, 200
    for tau in (0.0, 0.2, 0.35, 0.5):
        for df in (10, 40):
            alarms, caught = 0, 0.0
            for _ in range(runs):
                variances = np.exp(2 * random.normal(0, tau, 200)) * random.chisquare(df, 200) / df
                alarms += bool(replicate_variances(variances, df).flagged().any())
                variances[:6] /= 50
                caught += float(replicate_variances(variances, df).flagged()[:6].mean())
            rates[f"T4 sd(log s) {tau}, df {df}: P(any of 200)"] = (
                f"{alarms / runs:.3f}; power 1/50 {caught / runs:.2f}"
            )
    return rates


def t5(random: np.random.Generator) -> Rates:
    rates, runs = {}, 200
    for rounds in (8, 16, 32):
        alarms, caught = 0, 0.0
        for _ in range(runs):
            bias, own = random.normal(0, 0.6, (200, 1)), 0.55 * np.exp(random.normal(0, 0.3, (200, 1)))
            z = bias + own * random.standard_normal((200, rounds))
            alarms += bool(scores_too_good(z).flagged().any())
            z[:6] = 0.05 * random.standard_normal((6, rounds))
            caught += float(scores_too_good(z).flagged()[:6].mean())
        told = f"{alarms / runs:.3f}; power, values leaked {caught / runs:.2f}"
        rates[f"T5 {rounds} rounds: P(any of 200)"] = told
    return rates


def t4b(random: np.random.Generator) -> Rates:
    sets, m = 40_000, 30
    normal = random.standard_normal((sets, m))
    kinds = {
        "normal": normal,
        "sd varying (log sd 0.5)": normal * np.exp(random.normal(0, 0.5, (sets, m))),
        "t5": random.standard_t(5, (sets, m)),
        "rounded to half a sd": np.rint(normal * 2) / 2,
        "rectangular (not to be tested)": random.uniform(-1, 1, (sets, m)) - random.uniform(-1, 1, (sets, m)),
        "invented, 1 to 3 steps (power)": random.integers(1, 4, (sets, m)).astype(float),
    }
    rates = {f"30 duplicates, {name}": shares(geary_ratios(d)[1]) for name, d in kinds.items()}
    for name, spread in (("normal", 0.0), ("sd varying (log sd 0.35)", 0.35)):
        p = []
        for _ in range(4000):
            own = np.exp(random.normal(0, spread, (20, 1)))
            p.append(spreads_too_equal(own * random.standard_normal((20, 3))).p)
        rates[f"20 triplicates, {name}"] = shares(np.array(p))
    return rates


def t5b(random: np.random.Generator) -> Rates:
    rates = {}
    for ratio in (1.0, 1 / 4, 1 / 10, 1 / 25):
        s_pt = np.sqrt(ratio * random.chisquare(15, 100_000) / 15)
        s_qc = np.sqrt(random.chisquare(29, 100_000) / 29)
        rates[f"16 rounds, 30 controls, variance ratio {ratio:.2g}"] = shares(variance_ratios(s_pt, 16, s_qc, 30).p)
    return rates


def t6(random: np.random.Generator) -> Rates:
    rates = {}
    for mean in ("5 to 200", "20 to 100"):
        low, high = (float(part) for part in mean.split(" to "))
        p = [
            mean_in_triple(random.poisson(random.uniform(low, high, (100, 1)), (100, 3)), kind="counts").p
            for _ in range(3000)
        ]
        rates[f"counts, Poisson means {mean}, 100 triples"] = shares(np.array(p, dtype=float))
    for sd in (0.6, 1.0, 2.0, 6.0, 20.0):
        p = [
            found.p
            for _ in range(1000)
            if (found := mean_in_triple(np.rint(random.normal(500.3, sd, (100, 3))), kind="measured")).applicable
        ]
        rates[f"measured, sd {sd} steps, 100 triples"] = shares(np.array(p, dtype=float))
    own = np.exp(random.normal(np.log(3), 0.5, (1000, 100, 1)))
    varying = np.rint(500.3 + own * random.standard_normal((1000, 100, 3)))
    p = [mean_in_triple(triples, kind="measured").p for triples in varying]
    rates["measured, sd varying (log sd 0.5), 100 triples"] = shares(np.array(p, dtype=float))
    return rates


def t9(random: np.random.Generator) -> Rates:
    rates = {}
    for n, places, step in ((2, 1, "1"), (3, 2, "1"), (3, 1, "1"), (6, 2, "0.1"), (4, 3, "0.1")):
        readings = random.integers(100, 999, (20_000, n))
        scale = float(step)
        honest = [f"{row.mean() * scale:.{places}f}" for row in readings[:4000]]
        wrong = sum(mean_possible(mean, n, step).verdict == "impossible" for mean in honest)
        invented = [f"{value:.{places}f}" for value in random.uniform(10, 99, 2000)]
        caught = sum(mean_possible(mean, n, step).verdict == "impossible" for mean in invented)
        rates[f"mean of {n} at {step}, {places} decimals"] = f"honest {wrong}/4000; invented caught {caught / 2000:.2f}"
    for n in (2, 3, 5):
        readings = random.integers(0, 100, (2000, n))
        wrong = sum(
            sd_possible(f"{row.mean():.2f}", f"{row.std(ddof=1):.2f}", n, "1").verdict == "impossible"
            for row in readings
        )
        caught = sum(
            sd_possible(f"{row.mean():.2f}", f"{value:.2f}", n, "1").verdict == "impossible"
            for row, value in zip(readings[:500], random.uniform(1, 40, 500), strict=True)
        )
        rates[f"mean and sd of {n}, 2 decimals"] = f"honest {wrong}/2000; invented sd caught {caught / 500:.2f}"
    return rates


def ebh(random: np.random.Generator) -> Rates:
    runs, alarms = 400, 0
    for _ in range(runs):
        shared = random.standard_normal((10, 10, 5)).repeat(50, axis=0)
        scores = np.sqrt(0.3) * shared + np.sqrt(0.7) * random.standard_normal((500, 10, 5))
        e = p_to_e(np.maximum(stats.norm.sf(scores), 1e-12))
        running = np.cumprod(e, axis=1).mean(axis=2)
        alarms += any(e_bh(running[:, t]).count for t in range(10))
    return {"500 honest laboratories x 5 tests x 10 rounds, e-BH 5 %: P(any)": f"{alarms / runs:.4f}"}


TESTS: dict[str, Callable[[np.random.Generator], Rates]] = {
    "T1": t1, "T3": t3, "T4": t4, "T5": t5, "T4b": t4b, "T5b": t5b, "T6": t6, "T9": t9, "e-BH": ebh,
}  # fmt: skip


def main(chosen: list[str]) -> None:
    for name in chosen or list(TESTS):
        start = time.perf_counter()
        for what, told in TESTS[name](np.random.default_rng(20260613)).items():
            print(f"{name:5} {what:70} {told}", flush=True)
        print(f"{name:5} took {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
