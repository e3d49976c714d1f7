"""The history of the schema, run by `adapters/storage/schema.py`."""
