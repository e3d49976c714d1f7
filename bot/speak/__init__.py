"""Everything the bot says: words, times, cards and mails."""
