"""The database: tables, transactions, migrations and sealed secrets."""
