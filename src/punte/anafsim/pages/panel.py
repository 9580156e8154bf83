from starlette.requests import Request


def is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and origin != f"http://{request.headers['host']}"


def panel_routes():
    return []
