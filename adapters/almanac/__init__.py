"""Public holidays of countries and their parts, from the package `holidays`."""
