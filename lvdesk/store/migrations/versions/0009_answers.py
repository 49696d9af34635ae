"""What other systems answer, where systems disagree, cases of network change."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _answers()
    _disagreements()
    _cases()


def _id() -> sa.Column[int]:
    return sa.Column("id", _ROW_ID, autoincrement=False, nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _texts(*names: str, empty: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=empty) for name in names]


def _answers() -> None:
    op.create_table(
        "answer_sheet",
        _id(),
        _version(),
        sa.Column("sheet", _ROW_ID, nullable=False),
        *_texts("name", "template", "system"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_sheet"),
        sa.UniqueConstraint("sheet", name="uq_answer_sheet_sheet"),
    )
    op.create_table(
        "receipt_line",
        _id(),
        _version(),
        sa.Column("sheet_id", _ROW_ID, nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=False),
        *_texts("system", "package_no", "entity", "key", "outcome"),
        *_texts("value", empty=True),
        *_texts("reason", "plain", "desk", "at"),
        *_texts("settled_at", "settled_by", "settled_how", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_line"),
    )
    op.create_index("ix_receipt_line_settled_at", "receipt_line", ["settled_at"])
    op.create_index("ix_receipt_line_record", "receipt_line", ["entity", "key"])
    op.create_table(
        "id_pair",
        _id(),
        _version(),
        *_texts("entity", "key", "system", "value", "since"),
        *_texts("until", empty=True),
        sa.Column("sheet_id", _ROW_ID, nullable=True),
        *_texts("person"),
        sa.PrimaryKeyConstraint("id", name="pk_id_pair"),
    )
    op.create_index("ix_id_pair_record", "id_pair", ["entity", "key"])
    op.create_index("ix_id_pair_value", "id_pair", ["system", "value"])
    op.create_table(
        "source_match",
        _id(),
        _version(),
        *_texts("system", "entity", "source_key", "source_name", "key", "decision", "evidence", "person", "at"),
        sa.PrimaryKeyConstraint("id", name="pk_source_match"),
    )
    op.create_index("ix_source_match_source", "source_match", ["system", "entity", "source_key"], unique=True)


def _disagreements() -> None:
    op.create_table(
        "disagreement",
        _id(),
        *_texts("identity", "klass", "entity", "key", "field", "title"),
        *_texts("marketing", "field_value", "gis", "base", empty=True),
        *_texts("owner"),
        *_texts("suggestion", empty=True),
        *_texts("target", "evidence"),
        *_texts("area_no", empty=True),
        *_texts("found_at"),
        *_texts("resolved_at", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_disagreement"),
        sa.UniqueConstraint("identity", name="uq_disagreement_identity"),
    )
    op.create_index("ix_disagreement_klass", "disagreement", ["klass", "resolved_at"])
    op.create_index("ix_disagreement_record", "disagreement", ["entity", "key"])
    op.create_table(
        "disagreement_decision",
        _id(),
        _version(),
        *_texts("identity", "entity", "key", "decision", "value", "target", "number", "reason"),
        *_texts("expires_on", empty=True),
        *_texts("person", "at"),
        sa.PrimaryKeyConstraint("id", name="pk_disagreement_decision"),
        sa.UniqueConstraint("identity", name="uq_disagreement_decision_identity"),
    )
    op.create_table(
        "consistency_rate",
        _id(),
        *_texts("day", "scope", "key", "field"),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consistency_rate"),
    )
    op.create_index("ix_consistency_rate_day", "consistency_rate", ["day", "scope", "key", "field"], unique=True)


def _cases() -> None:
    op.create_table(
        "change_case",
        _id(),
        _version(),
        *_texts("case_no", "kind", "entity", "key", "title", "side", "state"),
        *_texts("area_no", empty=True),
        *_texts("before", "after", "evidence", "number", "opened_at", "opened_by", "due_on"),
        *_texts("carried_at", "closed_at", empty=True),
        *_texts("closed_how"),
        sa.PrimaryKeyConstraint("id", name="pk_change_case"),
        sa.UniqueConstraint("case_no", name="uq_change_case_case_no"),
    )
    op.create_index("ix_change_case_state", "change_case", ["state", "due_on"])
    op.create_index("ix_change_case_record", "change_case", ["entity", "key"])
