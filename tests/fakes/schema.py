"""What the models declare, and what a database really has: for tests of migrations."""

from __future__ import annotations

from typing import Any

from tortoise.indexes import Index
from tortoise.models import Model

from backend.app.wiring import APPS
from backend.infra.db import Database

__all__ = ["APPS", "declared_indexes", "models_of", "real_indexes", "real_tables"]

Columns = tuple[str, ...]
Promise = tuple[str, Columns]  # ("unique" | "index", columns)

POSTGRES_INDEXES = """
SELECT ix.indisunique AS is_unique,
       array_agg(a.attname::text ORDER BY array_position(ix.indkey::int2[], a.attnum)) AS columns
FROM pg_index ix JOIN pg_class t ON t.oid = ix.indrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(ix.indkey)
WHERE t.relname = $1 GROUP BY ix.indexrelid, ix.indisunique
"""


def models_of(database: Database) -> list[type[Model]]:
    """Every model of a connected database."""
    assert database._tortoise is not None
    assert database._tortoise.apps is not None
    return [model for models in database._tortoise.apps.values() for model in models.values()]


def declared_indexes(model: type[Model]) -> set[Promise]:
    """Every unique and index a model promises."""
    meta = model._meta
    promises: set[Promise] = {("unique", _columns(model, t)) for t in meta.unique_together}
    for index in meta.indexes:
        names = index.fields if isinstance(index, Index) else index
        promises.add(("index", _columns(model, names)))
    for field in meta.fields_map.values():
        column = (field.source_field or field.model_field_name,)
        if field.unique and not field.pk:
            promises.add(("unique", column))
        elif field.index and not field.pk:
            promises.add(("index", column))
    return promises


def _columns(model: type[Model], names: Any) -> Columns:
    fields = model._meta.fields_map
    return tuple(fields[name].source_field or name for name in names)


async def real_tables(model: type[Model]) -> set[str]:
    """The names of all tables."""
    db = model._meta.db
    if db.capabilities.dialect == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    return {row["name"] for row in await db.execute_query_dict(sql)}


async def real_indexes(model: type[Model]) -> set[Promise]:
    """Every unique and index the table really has."""
    db, table = model._meta.db, model._meta.db_table
    if db.capabilities.dialect == "sqlite":
        return await _sqlite_indexes(db, table)
    rows = await db.execute_query_dict(POSTGRES_INDEXES, [table])
    return {("unique" if r["is_unique"] else "index", tuple(r["columns"])) for r in rows}


async def _sqlite_indexes(db: Any, table: str) -> set[Promise]:
    found: set[Promise] = set()
    for index in await db.execute_query_dict(f'PRAGMA index_list("{table}")'):
        info = await db.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
        kind = "unique" if index["unique"] else "index"
        found.add((kind, tuple(row["name"] for row in info)))
    return found
