"""Rows of the tables as the core's types: one repository per topic of `core.ports.Tx`."""
