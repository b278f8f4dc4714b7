"""Campaigns: putting the work of many laboratories in order, from the plan to proof that it helped.

Lived in so far: the draw (双随机), which decides by verifiable chance which laboratories are inspected, and by whom. Needs the
registry for laboratories, people and risk classes; what it draws is the ground on which inspections stand. A draw shows
nothing about what a laboratory can measure, so it leaves no evidence.
"""
