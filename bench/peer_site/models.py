"""The table of Personnes, which is ours: Django only reads it."""

from django.db import models


class Personne(models.Model):
    """A fiche, in the order that the list of the application has."""

    id = models.UUIDField(primary_key=True, db_column="ID_PERSONNE")
    nom = models.TextField()
    prenom = models.TextField()
    role = models.TextField()
    telephone_1 = models.TextField(blank=True)
    telephone_2 = models.TextField(blank=True)
    email = models.TextField(blank=True)

    class Meta:
        app_label = "peer_site"
        managed = False
        db_table = "personnes"
        ordering = ("nom", "prenom")

    def __str__(self) -> str:
        """As the list names it."""
        return f"{self.prenom} {self.nom}"
