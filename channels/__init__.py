"""How citizens reach us.

A channel verifies that a message is genuine, translates it into `bot.messages.Inbound`,
and renders the `Reply` it gets back. It holds no business rule: if you need the word
"appointment" in this package, you are in the wrong package.
"""
