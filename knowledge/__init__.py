"""What we know: the service guides (办事指南), how they are written, checked and found.

Content and index only. This package imports none of our other packages and knows no platform,
no database and no web request: give it a folder, ask it a question.
"""
