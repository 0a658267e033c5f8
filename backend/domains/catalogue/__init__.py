"""What can be done, and where: the list of services and their guides, halls and their windows.

The text of a guide lives in `knowledge`; this domain says how it is listed, filtered and shown.
"""
