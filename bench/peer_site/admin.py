"""The list of Django admin: our columns, our search, our 25 lines a page."""

from django.contrib import admin

from bench.peer_site.models import Personne


@admin.register(Personne)
class PersonneAdmin(admin.ModelAdmin):
    """Everything else as Django has it."""

    list_display = ("nom", "prenom", "role", "telephone_1", "telephone_2", "email")
    search_fields = ("nom", "prenom", "email", "telephone_1", "telephone_2")
    list_per_page = 25
