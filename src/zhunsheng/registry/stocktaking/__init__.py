"""Stock-taking (摸清底数): an authority asks the institutions of a region and of some fields to look at their entries and confirm them.

Each institution's entry is checked, completeness and consistency apart, with a reason and a mend for every point; the institution
confirms, the authority accepts or returns; totals are rolled up, counting what appears under several institutions once. Needs all
registers; leaves no evidence about capabilities itself.
"""
