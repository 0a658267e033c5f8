"""Adapters of ports that name a domain's or the bot's own types and are no channel or gateway."""
