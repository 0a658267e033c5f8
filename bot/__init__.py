"""How we answer: a conversation over services and knowledge.

The bot decides which service answers and composes a `Reply` from structured facts. It generates
nothing, and knows no platform: if you need the word "WeChat" here, you are in the wrong package.
"""
