"""May this laboratory be the subcontractor for this parameter in this matrix, on this day? Yes, no, or unknown.

Gates (certificate, scope, calibration, signatory) and the proficiency-testing evidence, each rule with its value, its
evidence and what would change the answer. Policies are dated data. Needs `capability.profile`; leaves a frozen decision.
"""
