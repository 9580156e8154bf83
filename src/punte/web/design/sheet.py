"""The product's one style sheet, built from the files of static/design/css.

A component is a small file, a page makes one request: no bundler, no node, no `@import` chain. Each layer is a
file or a folder of that name; the files hold plain rules and are wrapped here, so that none can land outside its
layer. Tokens stand outside the layers, and come first.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

CSS = Path(__file__).parent / "static" / "design" / "css"
LAYERS = ("reset", "base", "layout", "components", "pages", "preference", "print")


def files_of(layer: str) -> list[Path]:
    """The files of a layer, in the order in which they are read: `layer.css`, or those in `layer/` by name."""
    folder = CSS / layer
    return sorted(folder.glob("*.css")) if folder.is_dir() else [folder.with_suffix(".css")]


def build() -> str:
    parts = [f"@layer {', '.join(LAYERS)};", (CSS / "tokens.css").read_text("utf-8")]
    for layer in LAYERS:
        rules = "\n".join(path.read_text("utf-8") for path in files_of(layer))
        parts.append(f"@layer {layer} {{\n{rules}}}")
    return "\n".join(parts)


@lru_cache(maxsize=1)
def _built_once() -> str:
    return build()


def sheet() -> str:
    """The whole sheet; read anew at each call while developing (DEBUG)."""
    return build() if settings.DEBUG else _built_once()


def digest(css: str) -> str:
    """The name under which a sheet may be kept for ever: it changes when the sheet does."""
    return hashlib.sha256(css.encode()).hexdigest()[:12]
