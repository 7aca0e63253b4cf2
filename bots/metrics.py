"""GET /metrics on its own port: what did not go as it should, as Prometheus reads it."""

from collections.abc import Callable, Mapping

from aiohttp import web

Counts = Mapping[str, Mapping[str, int]]


def application(counts: Callable[[], Counts]) -> web.Application:
    """The one route. `counts` gives each platform's counters by name, since the program began."""

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=text(counts()), content_type="text/plain", charset="utf-8", headers={"Cache-Control": "no-store"})

    served = web.Application()
    served.router.add_get("/metrics", metrics)
    return served


def text(counts: Counts) -> str:
    """One line a counter, in the text format that Prometheus scrapes."""
    names = dict.fromkeys(name for each in counts.values() for name in each)
    lines = []
    for name in names:
        lines.append(f"# TYPE immunobot_{name}_total counter")
        lines += [f'immunobot_{name}_total{{platform="{platform}"}} {each[name]}' for platform, each in counts.items() if name in each]
    return "\n".join(lines) + "\n"
