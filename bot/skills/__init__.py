"""One skill per intent family. A skill turns a decision into segments and sources.

Skills do not call each other; the engine picks one.
"""
