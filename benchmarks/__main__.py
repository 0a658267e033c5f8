"""`python -m benchmarks [bot] [http] [startup] [--quick]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from benchmarks import bench_bot, bench_http, bench_startup
from benchmarks.measure import console, machine

BENCHMARKS: Mapping[str, Callable[..., None]] = {
    "bot": bench_bot.run,
    "http": bench_http.run,
    "startup": bench_startup.run,
}


def main() -> None:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="性能与质量")
    parser.add_argument("names", nargs="*", help="、".join(BENCHMARKS) + "；不写则全部")
    parser.add_argument("--quick", action="store_true", help="少量重复，几分钟内完成")
    chosen = parser.parse_args()
    if unknown := sorted(set(chosen.names) - set(BENCHMARKS)):
        parser.error(f"没有 {'、'.join(unknown)}")
    console.print(machine())
    for name in chosen.names or BENCHMARKS:
        BENCHMARKS[name](quick=chosen.quick)


if __name__ == "__main__":
    main()
