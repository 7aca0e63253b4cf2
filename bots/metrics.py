"""GET /metrics on its own port: what did not go as it should, and how tips go, as Prometheus reads it."""

from collections.abc import Callable, Mapping

from aiohttp import web

Counts = Mapping[str, Mapping[str, int]]
Gauges = Mapping[str, Mapping[str, float]]


def application(counts: Callable[[], Counts], gauges: Callable[[], Gauges]) -> web.Application:
    """The one route. `counts` gives each platform's counters by name, since the program began; `gauges` a name's value by platform."""

    async def metrics(_: web.Request) -> web.Response:
        told = text(counts(), gauges())
        return web.Response(text=told, content_type="text/plain", charset="utf-8", headers={"Cache-Control": "no-store"})

    served = web.Application()
    served.router.add_get("/metrics", metrics)
    return served


def text(counts: Counts, gauges: Gauges) -> str:
    """One line a value, in the text format that Prometheus scrapes."""
    lines = []
    for name in dict.fromkeys(name for each in counts.values() for name in each):
        lines.append(f"# TYPE immunobot_{name}_total counter")
        lines += [f'immunobot_{name}_total{{platform="{platform}"}} {each[name]}' for platform, each in counts.items() if name in each]
    for name, values in gauges.items():
        lines.append(f"# TYPE immunobot_{name} gauge")
        lines += [f'immunobot_{name}{{platform="{platform}"}} {value:g}' for platform, value in values.items()]
    return "\n".join(lines) + "\n"
