"""From a person's words to an intent."""
