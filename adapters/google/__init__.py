"""Google Calendar: consent, busy times and our own events, by google-api-python-client.

`calendar` is the door; `vendor` alone imports Google's client and is itself loaded in a thread at
the first call, so that a deployment without Google pays nothing for it.
"""
