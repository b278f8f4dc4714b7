"""Pages of the registers that two faces share: an authority opens them from the office, an institution from its workspace.

Who sees and who changes what is asked of `access.py` of each register; the desk only says where the links lead.
"""
