"""Papers and pictures: what a person reads on a page, set in type the same way every time.

`typeset` turns a template and plain data into a tagged PDF, `charts` turns an evaluated measurand into the picture that
the browser draws too. The same input gives the same bytes, on any day and in any process. Needs nothing of the
platform but the two languages; leaves no evidence.
"""
