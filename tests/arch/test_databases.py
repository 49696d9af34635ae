"""The database fixtures give a fresh, empty database on each engine."""

import sqlalchemy


def test_each_test_gets_an_empty_database(store_url: str) -> None:
    engine = sqlalchemy.create_engine(store_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE box (no text)"))
    engine.dispose()


test_and_so_does_the_next = test_each_test_gets_an_empty_database
