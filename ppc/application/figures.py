"""Figures as people read them."""


def watts(value: float) -> str:
    """Active power with four digits: 527.0 kW, 6.000 MW, 0 W."""
    return _scaled(value, "W")


def vars_(value: float) -> str:
    """Reactive power with four digits."""
    return _scaled(value, "var")


def _scaled(value: float, unit: str) -> str:
    for divisor, prefix in ((1e6, "M"), (1e3, "k"), (1.0, "")):
        if abs(value) >= divisor:
            return f"{f'{value / divisor:#.4g}'.rstrip('.')} {prefix}{unit}"
    return f"0 {unit}"
