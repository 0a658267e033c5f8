"""What a citizen means: aspects, situations, topics, several questions in one message.

Pure functions over values: no I/O, no session store, no wording.
"""
