"""What `check-config --live` found: a table and the policies for people, one document for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.cli.styles import SEVERITIES
from monitor.cli.table import Words, make_table, short, wide
from monitor.cli.text import NOTHING, count
from monitor.domain.severity import Severity
from monitor.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.cli.table import Table
    from monitor.config.estimating import Estimate
    from monitor.domain.fault import Fault
    from monitor.service.live_check import Credentials, Described, Found, LiveCheck


def live_table(found: LiveCheck) -> Table:
    """A row for each account, each place of discovery and each project."""
    table = make_table(short("ACCOUNT"), short("ID"), short("REGION"), wide("ASKED"), wide("RESULT"))
    for row in (
        *map(_credentials_row, found.credentials),
        *map(_discovery_row, found.discoveries),
        *map(_project_row, found.projects),
    ):
        table.add_row(*row)
    return table


def policy_texts(found: LiveCheck) -> Iterator[str]:
    """Each policy under a line that says whose it is."""
    for duties in found.duties:
        yield f"The smallest policy of {duties.holder}:"
        yield json.dumps(duties.policy, indent=2)


def live_document(found: LiveCheck) -> dict[str, Any]:
    """What `--output json` says."""
    return {
        "ok": not found.faults,
        "accounts": [
            {"name": each.name, "role_arn": each.role_arn, "account_id": each.account_id or None, **_fault(each.fault)}
            for each in found.credentials
        ],
        "discoveries": [
            {
                "account": each.place.account,
                "region": each.place.region,
                "projects": list(each.projects),
                "watched": list(each.watched),
                **_fault(each.fault),
            }
            for each in found.discoveries
        ],
        "projects": [
            {"arn": each.project.arn, "account": each.project.account, "versions": each.versions, **_fault(each.fault)}
            for each in found.projects
        ],
        "policies": [{"holder": each.holder, "policy": each.policy} for each in found.duties],
        "calls": [_calls(each) for each in found.calls],
    }


def _credentials_row(each: Credentials) -> list[str | Words]:
    asked = f"assume {each.role_arn}" if each.role_arn else "credentials"
    return [*_where(each.name, each.account_id, ""), asked, _result("ok", each.fault)]


def _discovery_row(each: Found) -> list[str | Words]:
    said = f"{count(len(each.projects), 'project')}, {len(each.watched)} to watch"
    where = _where(each.place.account, each.place.account_id, each.place.region)
    return [*where, "projects", _result(said, each.fault)]


def _project_row(each: Described) -> list[str | Words]:
    its = each.project
    where = _where(its.account, its.account_id, its.region)
    return [*where, f"versions of {visible(its.name)}", _result(count(each.versions or 0, "version"), each.fault)]


def _where(account: str, account_id: str, region: str) -> list[str | Words]:
    return [account or "(own)", account_id or NOTHING, region or NOTHING]


def _result(said: str, fault: Fault | None) -> Words:
    if fault is None:
        return Words(said, "green")
    return Words(str(fault.reason), SEVERITIES[Severity.ERROR])


def _fault(fault: Fault | None) -> dict[str, Any]:
    if fault is None:
        return {"fault": None}
    its = {"reason": str(fault.reason), "message": fault.message, "hint": fault.hint, "code": fault.code}
    return {"fault": {**its, "request_id": fault.request_id}}


def _calls(calls: Estimate) -> dict[str, Any]:
    _, partition, _, region, account = calls.endpoint.split(":")
    return {
        "partition": partition,
        "region": region,
        "account": account,
        "projects": calls.projects,
        "calls_per_hour": round(calls.calls_per_hour, 1),
        "busiest_calls_per_hour": round(calls.busiest_calls_per_hour, 1),
        "discoveries_per_hour": round(calls.discoveries_per_hour, 1),
        "budget_per_hour": round(calls.budget_per_hour, 1),
        "enough": calls.enough,
    }
