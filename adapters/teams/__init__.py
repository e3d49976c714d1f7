"""Microsoft Teams: what comes in by the Bot Framework, what goes out by the Bot Connector.

Everything that knows the vendor's SDK is in `bridge.py`; the rest speaks its plain JSON.
"""
