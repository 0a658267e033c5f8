"""What makes a guide good beyond being well-formed: one small named function per rule.

The rules come from the national list standards and from what citizens need; `rules.RULES` is the
table of all of them. `knowledge.check` runs them.
"""
