"""The draw (双随机): which laboratories are inspected, and by whom, decided by chance that anybody can check.

Needs the registry for laboratories, people and risk classes; what it draws is the ground on which inspections stand. A draw shows
nothing about what a laboratory can measure, so it leaves no evidence.
"""
