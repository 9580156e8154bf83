"""The certificate port: a TLS door that asks the browser for its certificate, and tells us what it showed."""
