"""Refusals of the catalogue."""

from __future__ import annotations

from backend.core.errors import NotFound


class ServiceNotFound(NotFound):
    """No guide has this id."""

    code = "catalogue.service_not_found"


class SituationNotFound(NotFound):
    """The guide has no such situation; `errors` names those it has."""

    code = "catalogue.situation_not_found"


class HallNotFound(NotFound):
    """No hall has this id."""

    code = "catalogue.hall_not_found"
