"""The list of Personnes as Django admin shows it: a project as small as Django makes them."""
