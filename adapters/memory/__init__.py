"""Complete in-memory versions of the ports, for tests."""
