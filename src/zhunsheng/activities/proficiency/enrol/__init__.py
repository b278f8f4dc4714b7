"""Enrolment in a round: who was invited, who takes part under which promise, and the codes that are drawn when it ends.

Needs the plan with its promise, and the register. Who stands behind a code is told by the core's `Identity` alone. Leaves no evidence.
"""
