"""Other settings side by side: as set comes first, differences are counted against it, what cannot be says why."""

from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.activities.proficiency.rules.settings import Settings
from zhunsheng.activities.proficiency.rules.what_if import AS_SET, NOTHING_OUT, compare

CSV = "lab,measurand,result\n" + "".join(f"L{i},Hg,{v}\nL{i},Pb,5\n" for i, v in enumerate((1, 2, 3, 4, 1000)))
RESULTS = read_results(CSV.encode(), "r.csv")


def test_the_mean_with_a_blunder_and_without_it() -> None:
    """Without 1000: mean 2.5, s = 1.291; with it: mean 202, s = 446.1, and nobody has a signal: |z| ≤ (n − 1)/√n = 1.789."""
    found = compare(RESULTS, 0, Settings.parse("mean", None, "sd"), {"L4": "slip"})
    assert [one.name for one in found[:2]] == [AS_SET, NOTHING_OUT]
    assert found[0].document is not None and found[0].document["assigned_value"]["value"] == 2.5
    assert found[0].changed == () and found[0].document["counts"]["action"] == 1
    assert found[1].document is not None and found[1].document["assigned_value"]["value"] == 202.0
    assert found[1].changed == ("L4",) and found[1].document["counts"]["action"] == 0


def test_what_cannot_be_computed_says_why() -> None:
    found = compare(RESULTS, 1, Settings.parse("median", None, "1"), {})
    refused = [one for one in found if one.document is None]
    assert refused and all(one.refusal is not None for one in refused)
    assert any("no spread" in one.refusal.en for one in refused if one.refusal)


def test_looking_twice_shows_the_same() -> None:
    settings = Settings.parse()
    assert compare(RESULTS, 0, settings, {}) == compare(RESULTS, 0, settings, {})
