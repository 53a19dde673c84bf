-- +goose Up

-- Every entity of every type. The row with seq 0 owns the types that have no
-- parent; a control plane's row owns everything inside that control plane.
-- entries are the rows of the other tables that the body led to.
CREATE TABLE entities (
    seq     {{sequence}},
    scope   BIGINT NOT NULL REFERENCES entities (seq),
    type    TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    entries TEXT   NOT NULL,
    body    TEXT   NOT NULL
);
CREATE INDEX entities_order ON entities (scope, type, seq);
-- The later of two indexes is what PostgreSQL takes while it believes a table
-- to be empty: to find an id, this has to be the one.
CREATE UNIQUE INDEX entities_id ON entities (scope, type, id);
INSERT INTO entities (seq, scope, type, id, entries, body) VALUES (0, 0, '', '', '[]', '{}');

-- One row for each set of values that no other entity of the scope may have.
CREATE TABLE uniques (
    scope  BIGINT NOT NULL,
    type   TEXT   NOT NULL,
    name   TEXT   NOT NULL,
    value  TEXT   NOT NULL,
    entity BIGINT NOT NULL,
    PRIMARY KEY (scope, type, name, value)
) {{clustered}};

-- Values that lists filter by and that need not be unique: tags and names.
CREATE TABLE terms (
    scope  BIGINT NOT NULL,
    type   TEXT   NOT NULL,
    field  TEXT   NOT NULL,
    value  TEXT   NOT NULL,
    entity BIGINT NOT NULL,
    PRIMARY KEY (scope, type, field, value, entity)
) {{clustered}};

-- One row for each foreign key that is set. The rows of a deleted referrer go
-- with it; a target stays while a row names it.
CREATE TABLE refs (
    entity    BIGINT NOT NULL REFERENCES entities (seq) ON DELETE CASCADE,
    field     TEXT   NOT NULL,
    target    BIGINT NOT NULL REFERENCES entities (seq),
    type      TEXT   NOT NULL,
    referrer  TEXT   NOT NULL,
    on_delete TEXT   NOT NULL,
    PRIMARY KEY (entity, field, target)
) {{clustered}};
CREATE INDEX refs_target ON refs (target, type, field, entity);
