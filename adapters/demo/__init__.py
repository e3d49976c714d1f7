"""The demo: real calendar and mail servers and a seeded world of people."""
