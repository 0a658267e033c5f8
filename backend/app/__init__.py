"""The composition root: the only code that knows everything, builds it, and runs it.

`factory.create_app(settings)` gives a server, `wiring.build(settings)` the objects in it.
"""
