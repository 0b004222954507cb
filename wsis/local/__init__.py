"""The embedded default: PostgreSQL, Valkey, web, worker and beat on one machine, with one command."""
