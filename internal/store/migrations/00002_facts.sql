-- +goose Up

-- What the rows of uniques, terms and refs were derived by, for each type and
-- table: see facts.go.
CREATE TABLE facts (
    type  TEXT NOT NULL,
    kind  TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (type, kind)
) {{clustered}};
