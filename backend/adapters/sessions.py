"""Conversations' memory in the cache: shared by all workers where the cache is Redis."""

from __future__ import annotations

import orjson

from backend.core.cache import Cache
from bot.sessions import EMPTY, SESSION_SECONDS, Session, session_from_json, session_to_json


class CachedSessions:
    """A `bot.sessions.SessionStore`. Fails open: with the cache away every message stands alone."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def get(self, conversation_id: str) -> Session:
        kept = await self._cache.get(_key(conversation_id))
        if kept is None:
            return EMPTY
        try:
            return session_from_json(orjson.loads(kept))
        except (KeyError, ValueError, TypeError):  # written by another version of the program
            return EMPTY

    async def put(self, conversation_id: str, session: Session) -> None:
        value = orjson.dumps(session_to_json(session))
        await self._cache.set(_key(conversation_id), value, ttl_s=SESSION_SECONDS)


def _key(conversation_id: str) -> str:
    return f"session:{conversation_id}"
