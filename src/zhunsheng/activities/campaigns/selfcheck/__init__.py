"""The self-check (自查自纠): every institution of a campaign goes through a checklist, item by item, and puts right what it finds.

Needs the plan for who takes part and the registers for what they can say already. What was submitted is frozen before any
inspector sees it. An institution’s word about itself is no evidence of what it can measure, so it leaves none.
"""
