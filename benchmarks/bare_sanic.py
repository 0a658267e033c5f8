"""A Sanic server without anything: `python -m benchmarks.bare_sanic PORT [BODY…]`.

Every BODY is a file served as JSON under `/<name of the file>`, to GET and to POST. With `--jieba`
it first loads jieba's stock dictionary, as the shortest Chinese search would.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path

from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw


def main(port: int, arguments: list[str]) -> None:
    """Serve until terminated."""
    app = Sanic("bare", configure_logging=False)
    app.config.ACCESS_LOG = False
    if "--jieba" in arguments:
        _load_jieba()
    for name in arguments:
        if name != "--jieba":
            app.add_route(_handler(Path(name).read_bytes()), f"/{Path(name).name}", ["GET", "POST"])
    app.add_route(_handler(b"{}"), "/ready", name="ready")
    app.run(host="127.0.0.1", port=port, single_process=True, motd=False, access_log=False)


def _handler(body: bytes) -> Callable[[Request], Awaitable[HTTPResponse]]:
    async def serve(_: Request) -> HTTPResponse:
        return raw(body, content_type="application/json")

    serve.__name__ = f"serve_{id(body)}"
    return serve


def _load_jieba() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.dt
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
