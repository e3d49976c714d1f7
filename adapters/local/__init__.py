"""A chat in the browser, for trying Tandem without a chat vendor."""
