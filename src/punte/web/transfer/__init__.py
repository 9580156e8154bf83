"""In and out: what a firm brings from another program, and everything it may take along at any time."""
