"""The words around the figures of docs/performances.md."""

from typing import Final

HEAD: Final = """\
# Performances

Page écrite par `python3 manage.py bench` le {day} ; ne pas la modifier à la main.

- Machine : {machine}. Tout y tourne ensemble : la base, les deux applications et celui qui mesure.
- Versions : {versions}.

{summary}

Un rapport de 0,25 veut dire : quatre fois moins de temps que Django admin. Les millisecondes changent d'une machine à
l'autre, et avec ce qu'elle fait d'autre ; les rapports beaucoup moins.

## Comment c'est mesuré

- Une base PostgreSQL embarquée neuve, dans un dossier temporaire ; des personnes inventées, toujours les mêmes
  (bench/people.py) : noms fréquents et rares, accents, emails, téléphones, accès et codes pour certaines d'entre elles.
- Django admin (bench/peer_site) lit la même table `asso.personnes` : mêmes colonnes, même ordre, 25 lignes par page,
  recherche sur nom, prénom, email et téléphones ; gunicorn, un processus de quatre threads, connexions persistantes,
  session de superutilisateur. L'application montre en plus l'état de l'accès, que Django n'a pas à calculer.
- L'application est mesurée par son websocket, comme un navigateur le fait : du message envoyé à la fin du script.
  Chaque geste vérifie la session en base. La liste est lue pendant que la session est vérifiée, et montrée seulement
  si les droits n'ont pas changé (ui/ahead.py) ; dans un onglet qui vient de s'ouvrir, la session d'abord, la liste
  ensuite, soit deux allers-retours.
- Django admin est mesuré en HTTP, de la requête au dernier octet de la page. Le temps du navigateur n'est compté pour
  personne.
- Les gestes alternent, l'un puis l'autre, en une seule exécution pour chaque nombre de fiches, chacun dans sa base ;
  chaque chiffre est une médiane.
- Cent personnes : chacune clique toutes les 2 s, à son moment et sur autre chose que ses voisines (chercher, tourner
  la page, effacer, recharger).
- « 40 ms » : un relais (bench/delay.py) devant PostgreSQL ajoute 40 ms par aller-retour : une base hébergée ailleurs.
- Les objectifs de recherche et de pages sont des rapports ; le tri n'en a un qu'à 40 ms.
"""

FOOT: Final = """\
Chaque session de plus est mesurée une fois sa liste affichée. Le temps de connexion comprend le formulaire, le hachage,
les compteurs d'essais, le journal et l'échange du ticket contre le cookie.
"""
