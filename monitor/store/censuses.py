"""The last census of each account and region, whole in a row: they are small, and nobody asks for a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from monitor.domain.census import Census, Resident
from monitor.errors import StateDamagedError
from monitor.store.sqlite import upsert
from monitor.store.tables import CENSUSES, RECOVERY

if TYPE_CHECKING:
    from sqlalchemy import Connection


def read_census(connection: Connection, place: str) -> Census | None:
    """That of *place*, or None. Raises StateDamagedError for what no census was written as."""
    row = connection.execute(select(CENSUSES).where(CENSUSES.c.place == place)).one_or_none()
    if row is None:
        return None
    try:
        residents = [_resident(each) for each in orjson.loads(row.residents)]
        features = tuple(orjson.loads(row.features))
    except (TypeError, ValueError, KeyError) as error:
        raise StateDamagedError(f"state database: the census of {place} cannot be read: {error}; {RECOVERY}") from error
    return Census(features=features, taken_at=row.taken_at, residents={each.arn: each for each in residents})


def write_census(connection: Connection, place: str, census: Census) -> None:
    """Store it in the place of the last one."""
    values = {
        "place": place,
        "features": orjson.dumps(census.features).decode(),
        "taken_at": census.taken_at,
        "residents": orjson.dumps([_document(each) for each in census.residents.values()]).decode(),
    }
    connection.execute(upsert(CENSUSES), [values])


def _document(resident: Resident) -> dict[str, Any]:
    return {
        "arn": resident.arn,
        "watched": resident.watched,
        "missed": resident.missed,
        "deleting": resident.deleting,
    }


def _resident(document: dict[str, Any]) -> Resident:
    return Resident(
        arn=str(document["arn"]),
        watched=bool(document["watched"]),
        missed=int(document["missed"]),
        deleting=bool(document["deleting"]),
    )
