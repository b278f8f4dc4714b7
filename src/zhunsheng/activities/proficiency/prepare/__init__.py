"""Before items leave: are they homogeneous and stable, who receives which variant, which value is sealed.

Needs the plan of the round and `intercomp` for every verdict. The room that ships asks `queries.gate`. What is known about items
says nothing about a laboratory, so it leaves no evidence; u(hom) and u(stab) go to the measurands, where the evaluation takes them.
"""
