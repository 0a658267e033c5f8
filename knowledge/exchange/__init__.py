"""How guides come in and go out: spreadsheets for clerks, YAML for people, JSON lines from portals.

Every format is read into the same `Guide`, and written from it without loss. Whatever is wrong is
reported at once as file:row:column, and nothing is changed before everything is right.
"""
