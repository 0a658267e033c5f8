"""Every object, built once, by constructor. Cheap: nothing is connected or loaded before `open`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
from redis.asyncio import Redis

from backend.adapters.halls import HallTalk
from backend.adapters.sessions import CachedSessions
from backend.app.library import Library
from backend.app.metrics import Metrics
from backend.app.reactions import IGNORED, PUBLISHED, reactions
from backend.core.blocking import BlockingDoor
from backend.core.cache import Cache
from backend.core.clock import Clock, SystemClock
from backend.core.errors import Unavailable
from backend.core.ids import new_id
from backend.core.locks import Locks
from backend.domains.catalogue.repository import HallRepository
from backend.domains.catalogue.service import CatalogueService
from backend.domains.conversations.repository import FeedbackRepository
from backend.domains.conversations.service import FeedbackService
from backend.domains.identity.repository import StaffRepository
from backend.domains.identity.service import StaffService
from backend.infra.cache import LocalCache, RedisCache
from backend.infra.config import INFRA, App
from backend.infra.db import Database
from backend.infra.dispatcher import Dispatcher, ensure_all_handled
from backend.infra.jobs import Every, Job, JobRunner
from backend.infra.locks import LocalLocks, RedisLocks
from backend.infra.once import LocalOnce, RedisOnce
from backend.infra.outbox import DatabaseOutbox
from backend.infra.redis import connect_redis
from backend.settings import Settings, WeChatAccount
from bot.engine import Engine
from bot.messages import Inbound, Reply
from channels.base import Channel
from channels.inbox import Inbox
from channels.wechat.account import DEFAULT_API_BASE, Mode, OfficialAccount
from channels.wechat.build import build_channel
from knowledge.base import KnowledgeBase

Answer = Callable[[Inbound], Awaitable[Reply]]
BuildBot = Callable[["Program", KnowledgeBase], Answer]

# Every table of the program: label, models. Migrations stand beside the models.
APPS = (
    INFRA,
    App("identity", "backend.domains.identity.models"),
    App("catalogue", "backend.domains.catalogue.models"),
    App("conversations", "backend.domains.conversations.models"),
)

OUTBOX_KEPT = timedelta(days=30)
HTTP_TIMEOUT = httpx.Timeout(4.0, connect=2.0)
HTTP_LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=20)


class Program:
    """The objects of one process. `open` before use, `close` after; both once."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        library: Library | None = None,
        build_bot: BuildBot | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.metrics = Metrics()
        self.http = httpx.AsyncClient(timeout=HTTP_TIMEOUT, limits=HTTP_LIMITS, trust_env=False)
        self.database = Database(settings.database_url, APPS)
        self.redis = connect_redis(settings.redis_url) if settings.redis_url else None
        self.cache, self.locks, self.once = _shared_memory(self.redis, self.clock)
        self.library = library or Library(folder=settings.knowledge_dir, cache=settings.cache_dir)
        self._build_bot = build_bot or build_engine
        self._answer: Answer | None = None
        self._build_domains()
        self._build_worker()
        self._build_channels()

    def _build_domains(self) -> None:
        units, clock = self.database, self.clock
        self.catalogue = CatalogueService(guides=self.library, halls=HallRepository(), units=units)
        self.feedback = FeedbackService(feedback=FeedbackRepository(), units=units, clock=clock)
        self.staff = StaffService(
            staff=StaffRepository(),
            units=units,
            clock=clock,
            new_id=new_id,
            door=BlockingDoor("argon2", threads=2),
        )

    def _build_worker(self) -> None:
        ensure_all_handled(PUBLISHED, reactions(), IGNORED)
        self.outbox = DatabaseOutbox(self.database, self.clock)
        self.dispatcher = Dispatcher(
            self.outbox, self.database, reactions(), self.clock, ignored=IGNORED
        )
        self.jobs: tuple[Job, ...] = (Every("outbox.purge", 3600, self._forget_old_events),)
        self.job_runner = JobRunner(self.jobs, self.database, self.clock)

    def _build_channels(self) -> None:
        self.inbox = Inbox(
            answer=self.answer,
            once=self.once,
            replies=self.once,
            budget_s=self.settings.reply_budget_s,
        )
        self.channels: tuple[Channel, ...] = tuple(
            build_channel(
                official_account(account),
                http=self.http,
                cache=self.cache,
                locks=self.locks,
                clock=self.clock,
                home_url=self.settings.public_url,
            )
            for account in self.settings.wechat.official_account
        )

    async def open(self) -> None:
        """Load the knowledge and connect the database.

        Raises:
            BadKnowledge: the guides cannot be used.
            Unavailable: the database does not answer.
        """
        self.open_knowledge()
        await self.database.connect()

    def open_knowledge(self) -> None:
        """Load the guides and build the bot on them; blocks for a second or two."""
        knowledge = self.library.open()
        self._answer = self._build_bot(self, knowledge)

    async def close(self) -> None:
        """Finish the units under way and let go of everything."""
        await self.database.close()
        await self.http.aclose()
        if self.redis is not None:
            await self.redis.aclose()

    async def answer(self, inbound: Inbound) -> Reply:
        """Ask the bot, whichever channel it came by.

        Raises:
            Unavailable: the knowledge has not been loaded yet.
        """
        if self._answer is None:
            raise Unavailable
        reply = await self._answer(inbound)
        self.metrics.replied(channel=inbound.channel, decision=reply.understanding.decision.value)
        return reply

    async def _forget_old_events(self) -> None:
        await self.outbox.purge(before=self.clock.now() - OUTBOX_KEPT)


def build_engine(program: Program, knowledge: KnowledgeBase) -> Answer:
    """The bot."""
    app = f"{program.settings.public_url.rstrip('/')}/#/pages/guide/index?id="
    return Engine(
        knowledge,
        CachedSessions(program.cache),
        halls=HallTalk(program.catalogue, program.clock),
        guide_url=lambda service_id: app + service_id,
    ).answer


def _shared_memory(redis: Redis | None, clock: Clock) -> tuple[Cache, Locks, LocalOnce | RedisOnce]:
    if redis is None:
        return LocalCache(clock), LocalLocks(), LocalOnce(clock)
    return RedisCache(redis), RedisLocks(redis), RedisOnce(redis)


def official_account(account: WeChatAccount) -> OfficialAccount:
    return OfficialAccount(
        name=account.name,
        app_id=account.app_id,
        token=account.token,
        app_secret=account.app_secret or "",
        encoding_aes_key=account.encoding_aes_key or "",
        mode=Mode(account.mode) if account.mode else None,
        api_base=account.api_base or DEFAULT_API_BASE,
    )
