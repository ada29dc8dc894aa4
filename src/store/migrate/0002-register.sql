-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The register (docs/decisions/0050): entries are only ever added; openings may be erased; how far it is signed is a record.

CREATE TABLE log_entry (
    idx  INTEGER PRIMARY KEY,              -- from 0, gap-free: the place in the tree
    kind INTEGER NOT NULL,                 -- enum register_kind
    ref  INTEGER NOT NULL,                 -- the ledger entry, the member ... it is about; 0 = nothing
    at_s INTEGER NOT NULL,                 -- seconds since 1970, never decreasing; also in the body
    body TEXT NOT NULL                     -- canonical JSON, exactly what is fingerprinted
) STRICT;
-- Where the txn of a ledger entry is: at entry + shift, with the last row at or before it. Both run without gaps, so a row is
-- only needed after something else entered the register in between: an index over every entry would cost a page of each commit.
CREATE TABLE log_shift (
    entry INTEGER PRIMARY KEY,
    shift INTEGER NOT NULL
) STRICT;
CREATE INDEX log_entry_about ON log_entry (kind, ref) WHERE kind <> 5;

-- Size and frontier of the tree: one row.
CREATE TABLE log_head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    size     INTEGER NOT NULL,
    frontier BLOB NOT NULL
) STRICT;
INSERT INTO log_head (id, size, frontier) VALUES (1, 0, x'');

-- Openings of the commitments of an entry, 32 bytes for each slot one after the other; a slot of zeros was erased. Backups
-- keep this table in a file of its own.
CREATE TABLE log_open (
    idx      INTEGER PRIMARY KEY,
    openings BLOB NOT NULL
) STRICT;
-- What was committed to, where it cannot be written again from other rows (all kinds but txn).
CREATE TABLE log_payload (
    idx     INTEGER NOT NULL,
    slot    INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (idx, slot)
) STRICT, WITHOUT ROWID;

-- Each tlog-policy that was ever in force; the last one is.
CREATE TABLE log_policy (
    id   INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    idx  INTEGER NOT NULL                  -- its entry
) STRICT;

-- Logs of other co-ops that this one cosigns.
CREATE TABLE log_peer (
    id      INTEGER PRIMARY KEY,
    origin  TEXT NOT NULL UNIQUE,
    vkeys   TEXT NOT NULL,                 -- one a line
    url     TEXT NOT NULL,                 -- where its checkpoint is read; '' = it only comes to us
    state   INTEGER NOT NULL,              -- 1 cosigned, 0 no longer
    added_s INTEGER NOT NULL
) STRICT;

-- How far the register is: written by the publisher. One row.
CREATE TABLE log_state (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    published     INTEGER NOT NULL,        -- size of the last checkpoint that our log signed
    witnessed     INTEGER NOT NULL,        -- size of the last one that the quorum cosigned
    witnessed_at_s INTEGER NOT NULL,
    witnesses_n   INTEGER NOT NULL,
    quorum_n      INTEGER NOT NULL,
    still         INTEGER NOT NULL         -- enum register_still: 0 = the register moves
) STRICT;
INSERT INTO log_state (id, published, witnessed, witnessed_at_s, witnesses_n, quorum_n, still) VALUES (1, 0, 0, 0, 0, 0, 0);

-- The name of the log, chosen once (decision 0050).
CREATE TABLE log_name (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL
) STRICT;

CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE (ABORT, 'the register is never changed'); END;
CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry BEGIN SELECT RAISE (ABORT, 'the register is never cut'); END;
CREATE TRIGGER log_policy_no_update BEFORE UPDATE ON log_policy BEGIN SELECT RAISE (ABORT, 'policies are never changed'); END;
CREATE TRIGGER log_policy_no_delete BEFORE DELETE ON log_policy BEGIN SELECT RAISE (ABORT, 'policies are never deleted'); END;
