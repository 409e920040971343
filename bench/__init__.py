"""Side by side with Django admin, on the same fiches of the same PostgreSQL (manage.py bench)."""
