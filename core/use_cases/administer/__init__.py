"""Administration: programmes, people, pairs, settings, status, reminders, and the first start.

Every change checks the actor's rights and writes its audit entry in its own transaction.
"""
