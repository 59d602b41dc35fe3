"""The bare route that our status lookup is measured against: Flask, a psycopg pool, one SELECT.

It reads the rows that the status object is made of and answers them as JSON. It asks for no key, keeps to no limit,
writes no log, checks no code: the least that a service on this stack can do. `FLOOR_DATABASE_URL` says where.
"""

import os

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

COLUMNS = """
    SELECT o.uscc, o.registration_no, o.name, o.kind, o.registration_status,
           (SELECT coalesce(json_agg(f.name), '[]') FROM former_name f WHERE f.operator_id = o.id) AS former_names,
           (SELECT coalesce(json_agg(json_build_object(
                       'record_id', p.record_id, 'type', p.type, 'level', p.level, 'public_from', p.public_from,
                       'public_until', p.public_until, 'data', p.data)), '[]')
              FROM public_finding p
             WHERE p.operator_id = o.id AND p.public_from <= CURRENT_DATE
               AND (p.public_until IS NULL OR CURRENT_DATE < p.public_until)) AS findings
      FROM operator o
"""
ONE = COLUMNS + "WHERE o.uscc = %s"
MANY = COLUMNS + "WHERE o.uscc = ANY(%s)"


def create_app() -> Flask:
    """The whole of it."""
    app = Flask(__name__)
    pool = ConnectionPool(
        os.environ["FLOOR_DATABASE_URL"],
        kwargs={"autocommit": True, "row_factory": dict_row},  # one round trip, not three with BEGIN and COMMIT
        min_size=4,
        max_size=16,
        open=True,
    )

    @app.get("/op/<uscc>")
    def show(uscc: str) -> ResponseReturnValue:
        with pool.connection() as connection:
            row = connection.execute(ONE, [uscc]).fetchone()
        if row is None:
            abort(404)
        return row

    @app.post("/screen")
    def screen() -> ResponseReturnValue:
        with pool.connection() as connection:
            return connection.execute(MANY, [request.get_json()["codes"]]).fetchall()

    return app
