"""WCAG 2.2 contrast of colours given in oklch, for the tests of the tokens.

Sources: CSS Color 4, 10 (sample code, OKLab → linear sRGB); WCAG 2.2, "relative luminance" and "contrast ratio".
"""

import math

Oklch = tuple[float, float, float]


def ratio(one: Oklch, other: Oklch) -> float:
    """1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Oklch) -> float:
    red, green, blue = _linear_srgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear_srgb(colour: Oklch) -> tuple[float, ...]:
    lightness, chroma, hue = colour[0], colour[1], math.radians(colour[2])
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(min(1.0, max(0.0, channel)) for channel in channels)
