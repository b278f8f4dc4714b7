"""The rulebook: regulations as dated data, asked for a day.

What is shipped are marked paraphrases, never the wording of the law: regulations, their versions with the days they hold,
articles, consequences, clocks and thresholds, and the classes of what a check may find (F01 to F23) with the articles that
each rests on in each version. All versions in force on a day are a pack, with an id and a SHA-256 that a finding stores, so
that an act is judged by the rules of its day for ever. Some effective dates are not known for certain: they are marked, and
an installation sets them (`ZHUNSHENG_RULE_DATES`).

Data files are never changed once they are released: a correction is a new edition (`<version id>.<edition>.toml`), because
old packs name the edition they were made of. Needs only the two languages and signing's canonical JSON; leaves no evidence.
"""
