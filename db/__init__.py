"""What is kept: tables, the engine, migrations and the embedded PostgreSQL; imports nothing else of ours."""
