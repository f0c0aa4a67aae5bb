"""What checks stand on, remembered in a web process and never older than it may be (ENT-10; ADR 0040)."""
