"""A terminal as a channel: for developers, for demonstrations, and for `banshitong ask`.

It plays by the same rules as every other channel and needs no account anywhere.
"""
