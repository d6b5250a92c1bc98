"""Values as Grafana writes them, by the ids of its units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TIMES: Final = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (0.001, "ms"))
_SIZES: Final = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B"))
_THOUSANDS: Final = ((1e6, "M"), (1e3, "K"), (1, ""))


def written(value: float, unit: str, decimals: int | None = None) -> str:
    """The value with its unit."""
    if decimals is not None:
        return f"{value:.{decimals}f}"
    return _UNITS[unit](value)


def ticks(top: float, unit: str) -> list[float]:
    """Round numbers of that unit from 0 to at least *top*, four or so."""
    if unit == "bytes":
        whole = next((size for size, _ in _SIZES if top >= size), 1)
        return [tick * whole for tick in ticks(top / whole, "short")]
    rough = max(top, 1e-9) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(each for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    if unit == "short":  # counts
        step = max(step, 1.0)
    return [step * number for number in range(math.ceil(top / step - 1e-9) + 1)]


def _scaled(value: float, scales: tuple[tuple[float, str], ...]) -> str:
    size, name = next((each for each in scales if abs(value) >= each[0]), (1, scales[-1][1] if not value else ""))
    shown = f"{value / size:.3g}" if value else "0"
    return f"{shown} {name}".strip()


def _seconds(value: float) -> str:
    return "0 s" if abs(value) < _TIMES[-1][0] else _scaled(value, _TIMES)


def _short(value: float) -> str:
    return _scaled(value, _THOUSANDS) if abs(value) >= 1 else f"{value:.3g}"


_UNITS: Final[Mapping[str, Callable[[float], str]]] = {
    "short": _short,
    "none": _short,
    "s": _seconds,
    "bytes": lambda value: _scaled(value, _SIZES),
    "percentunit": lambda value: f"{value * 100:.3g} %",
    "currencyUSD": lambda value: f"${value:,.2f}",
    "cps": lambda value: f"{value:.3g} /s",
    "reqps": lambda value: f"{value:.3g} /s",
    "bool_yes_no": lambda value: "yes" if value else "no",
}
