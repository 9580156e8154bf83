"""EN 16931 in the syntax of UBL 2.1: `document` (the door for documents from outside), `read`, `write`, `structure`."""
