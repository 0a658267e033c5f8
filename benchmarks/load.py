"""Load on a loopback server: `wrk` where it is installed, else a slow client in Python."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.measure import percentile

CONNECTIONS = 16
HAS_WRK = shutil.which("wrk") is not None
SCRIPT = """
local paths, bodies, unique = %s, %s, %s
local n = 0
request = function()
  n = n + 1
  local path = paths[(n - 1) %% #paths + 1]
  if unique then path = path .. n end
  if #bodies == 0 then return wrk.format("GET", path) end
  local headers = {["Content-Type"] = "application/json"}
  return wrk.format("POST", path, headers, bodies[(n - 1) %% #bodies + 1])
end
done = function(summary, latency, requests)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('\\n{"requests":%%d,"us":%%d,"p50":%%f,"p99":%%f,"errors":%%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors))
end
"""


@dataclass(frozen=True, slots=True)
class Requests:
    """What is asked, in turn: GET of the paths, or POST of the bodies to them."""

    paths: Sequence[str]
    bodies: Sequence[str] = ()
    unique: bool = False  # a running number is appended to the path: no answer is asked for twice


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it."""

    seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def press(port: int, requests: Requests, *, seconds: float) -> Load:
    """Ask as fast as `CONNECTIONS` connections can."""
    if HAS_WRK:
        return _wrk(port, requests, seconds)
    return asyncio.run(_clients(port, requests, seconds))


def _wrk(port: int, requests: Requests, seconds: float) -> Load:
    script = SCRIPT % (_lua(requests.paths), _lua(requests.bodies), str(requests.unique).lower())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ask.lua"
        path.write_text(script, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
        command += ["--latency", "-s", str(path), f"http://127.0.0.1:{port}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(said.strip().splitlines()[-1])
    return Load(
        found["us"] / 1e6,
        found["requests"] / found["us"] * 1e6,
        found["p50"] / 1000,
        found["p99"] / 1000,
        found["errors"],
    )


def _lua(texts: Sequence[str]) -> str:
    return "{" + ",".join(f"[==[{text}]==]" for text in texts) + "}"


async def _clients(port: int, requests: Requests, seconds: float) -> Load:
    took: list[float] = []
    errors: list[int] = []
    numbers = count()
    until = time.perf_counter() + seconds

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < until:
            writer.write(_message(requests, next(numbers)))
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            took.append((time.perf_counter() - started) * 1000)
            if not head.startswith(b"HTTP/1.1 2"):
                errors.append(1)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return Load(
        seconds, len(took) / seconds, percentile(took, 50), percentile(took, 99), len(errors)
    )


def _message(requests: Requests, number: int) -> bytes:
    path = requests.paths[number % len(requests.paths)]
    path += str(number) if requests.unique else ""
    if not requests.bodies:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    body = requests.bodies[number % len(requests.bodies)].encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
