-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The schema a co-op is founded on. Permanent facts first (ledger, parameters), then records that may change and be
-- erased (members, offers, orders), then what can be rebuilt from the rest (search, places). Times are nanoseconds of UTC,
-- amounts whole minor units, booleans 0 or 1. Facts of money are never updated nor deleted: triggers say so here, the
-- driver's authoriser says so again.

-- --- ledger (specs: one primitive, the transfer; an entry groups 1..n of them) ------------------------------------------

CREATE TABLE currency (
    id       INTEGER PRIMARY KEY,          -- small, stable; 1 is the money of the books
    code     TEXT NOT NULL UNIQUE,         -- EUR, FIL, HOUR
    kind     INTEGER NOT NULL,             -- enum unit_kind: 1 fiat, 2 mutual credit, 3 time, 4 points
    exponent INTEGER NOT NULL,             -- digits behind the comma; 0 for minutes
    zero_sum INTEGER NOT NULL,             -- mutual credit and hours: all balances together are zero
    name_en  TEXT NOT NULL,
    name_fr  TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    id             INTEGER PRIMARY KEY,    -- dense
    uid            BLOB NOT NULL UNIQUE,
    currency       INTEGER NOT NULL REFERENCES currency (id),
    number         INTEGER NOT NULL,       -- chart of accounts, rules/chart.c
    owner          INTEGER NOT NULL,       -- member, 0 = the co-op
    nature         INTEGER NOT NULL,       -- enum ledger_nature
    flags          INTEGER NOT NULL,
    debits_posted  INTEGER NOT NULL,
    credits_posted INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL,
    credits_pending INTEGER NOT NULL,
    has_floor      INTEGER NOT NULL,
    floor          INTEGER NOT NULL,
    has_ceiling    INTEGER NOT NULL,
    ceiling        INTEGER NOT NULL,
    last_seq       INTEGER NOT NULL,       -- newest transfer of this account: head of its chain
    transfers_n    INTEGER NOT NULL,
    opened_ns      INTEGER NOT NULL,
    closed_ns      INTEGER NOT NULL,       -- 0 = open
    UNIQUE (owner, number, currency)
) STRICT;

CREATE TABLE entry (
    id          INTEGER PRIMARY KEY,       -- gap-free
    uid         BLOB NOT NULL UNIQUE,      -- given by whoever asks: the idempotency key
    body_hash   BLOB NOT NULL,             -- SHA-256 of the canonical bytes (rules/ledger.h)
    journal     INTEGER NOT NULL,          -- enum ledger_journal
    year        INTEGER NOT NULL,
    num         INTEGER NOT NULL,          -- gap-free in (journal, year)
    book_date   INTEGER NOT NULL,          -- days since 1970
    piece_ref   TEXT NOT NULL,
    label       TEXT NOT NULL,             -- never a person's name: names live with the member, and can be erased
    actor       INTEGER NOT NULL,
    cause       INTEGER NOT NULL,          -- enum ledger_cause: order, founding, transfer, correction, import ...
    cause_id    INTEGER NOT NULL,          -- the order, the import ...; 0 = none
    corrects    INTEGER NOT NULL,          -- the entry this one reverses; 0 = none
    booked_ns   INTEGER NOT NULL,          -- strictly increasing
    first_seq   INTEGER NOT NULL,          -- its transfers are first_seq .. first_seq + transfers_n - 1
    transfers_n INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_corrects ON entry (corrects) WHERE corrects > 0;
CREATE UNIQUE INDEX entry_number ON entry (journal, year, num); -- gap-free numbers, and the pages of a journal

CREATE TABLE transfer (
    seq         INTEGER PRIMARY KEY,       -- gap-free
    entry       INTEGER NOT NULL,
    debit       INTEGER NOT NULL,
    credit      INTEGER NOT NULL,
    amount      INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991), -- 0 only for a void
    currency    INTEGER NOT NULL,
    code        INTEGER NOT NULL,          -- what this leg is: price, fee for the reserve ...
    flags       INTEGER NOT NULL,          -- enum ledger_flag: pending 1, post 2, void 4, expired 8 ...
    pending_seq INTEGER NOT NULL,          -- the hold that a post or void resolves
    expires_ns  INTEGER NOT NULL,          -- of a hold; 0 = never by itself
    event_ns    INTEGER NOT NULL,          -- when it happened in the world
    debit_prev  INTEGER NOT NULL,          -- previous transfer of the debit account: the chain in place of an index
    credit_prev INTEGER NOT NULL
) STRICT;

-- Open and resolved holds: derived from transfer, kept because each may be resolved only once.
CREATE TABLE hold (
    seq         INTEGER PRIMARY KEY,
    debit       INTEGER NOT NULL,
    credit      INTEGER NOT NULL,
    amount      INTEGER NOT NULL,
    state       INTEGER NOT NULL,          -- 0 open, 1 posted, 2 voided, 3 expired
    resolved_by INTEGER NOT NULL,
    expires_ns  INTEGER NOT NULL
) STRICT;
CREATE INDEX hold_expires ON hold (expires_ns) WHERE state = 0 AND expires_ns > 0;
CREATE INDEX hold_debit ON hold (debit) WHERE state = 0;
CREATE INDEX hold_credit ON hold (credit) WHERE state = 0;

CREATE TABLE limit_change (
    id          INTEGER PRIMARY KEY,
    account     INTEGER NOT NULL REFERENCES account (id),
    has_floor   INTEGER NOT NULL,
    floor       INTEGER NOT NULL,
    has_ceiling INTEGER NOT NULL,
    ceiling     INTEGER NOT NULL,
    from_entry  INTEGER NOT NULL,          -- in force after this entry
    decided_by  INTEGER NOT NULL,          -- the vote; 0 = the founding
    at_ns       INTEGER NOT NULL
) STRICT;

CREATE TABLE period (
    year      INTEGER PRIMARY KEY,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    state     INTEGER NOT NULL,            -- 0 open, 1 soft, 2 closed
    hash      BLOB NOT NULL                -- of the trial balance, once closed; else empty
) STRICT;

-- Last numbers given: one row (0, 0) for the whole ledger, one for each journal and year.
CREATE TABLE ledger_head (
    journal   INTEGER NOT NULL,
    year      INTEGER NOT NULL,
    num       INTEGER NOT NULL,            -- of the journal; in row (0, 0): last entry id
    last_seq  INTEGER NOT NULL,            -- in row (0, 0)
    booked_ns INTEGER NOT NULL,            -- in row (0, 0)
    PRIMARY KEY (journal, year)
) STRICT;
INSERT INTO ledger_head (journal, year, num, last_seq, booked_ns) VALUES (0, 0, 0, 0, 0);

-- What a member wrote when sending hours or credits. Beside the entry, because an entry is for ever and words of people are not.
CREATE TABLE entry_note (
    entry  INTEGER PRIMARY KEY,
    author INTEGER NOT NULL,               -- member
    body   TEXT NOT NULL
) STRICT;
CREATE INDEX entry_note_author ON entry_note (author);

-- Requests already answered, refusals too: a retry can never change the answer.
CREATE TABLE command (
    key       TEXT PRIMARY KEY,
    actor     INTEGER NOT NULL,
    body_hash BLOB NOT NULL,
    outcome   INTEGER NOT NULL,            -- a number of no.def
    result    INTEGER NOT NULL,            -- id of what was made; 0 = nothing
    at_ns     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE (ABORT, 'entries are never deleted'); END;
CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer BEGIN SELECT RAISE (ABORT, 'transfers are never changed'); END;
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE (ABORT, 'transfers are never deleted'); END;
CREATE TRIGGER limit_no_update BEFORE UPDATE ON limit_change BEGIN SELECT RAISE (ABORT, 'limits are never changed'); END;
CREATE TRIGGER limit_no_delete BEFORE DELETE ON limit_change BEGIN SELECT RAISE (ABORT, 'limits are never deleted'); END;

-- --- the co-op and its parameters ---------------------------------------------------------------------------------------

CREATE TABLE coop (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    state      INTEGER NOT NULL,           -- 0 being founded (rehearsal), 1 founded, 2 demonstration
    name       TEXT NOT NULL,
    sentence   TEXT NOT NULL,              -- the line of the first page
    legal_form TEXT NOT NULL,              -- scic, scop, coop47, association, other
    place      TEXT NOT NULL,
    lat        INTEGER NOT NULL,           -- micro-degrees
    lon        INTEGER NOT NULL,
    lang       INTEGER NOT NULL,           -- enum lang
    zone       TEXT NOT NULL,              -- Europe/Paris
    email      TEXT NOT NULL,              -- a person to write to
    iban       TEXT NOT NULL,
    bic        TEXT NOT NULL,
    secret     BLOB NOT NULL,              -- keys of cookies for visitors
    founded_ns INTEGER NOT NULL,
    step       INTEGER NOT NULL            -- of the founding wizard
) STRICT;

-- Everything the members decide. Written by the founding and by the deed of an adopted vote, by nothing else.
CREATE TABLE param (
    name       TEXT PRIMARY KEY,           -- fee.eur.running_bp, order.accept_hours ...
    value      INTEGER NOT NULL,
    decided_by INTEGER NOT NULL,           -- the vote; 0 = the founding
    set_ns     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- --- members (records: can be corrected and erased) ------------------------------------------------------------------------

CREATE TABLE member (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    handle     TEXT NOT NULL UNIQUE,       -- @nadia
    name       TEXT NOT NULL,
    email      TEXT,                       -- NULL once erased, or for imported hosts nobody has reached
    email_key  TEXT UNIQUE,                -- lower case, for finding
    password   TEXT NOT NULL,              -- Argon2id string; '' = signs in by e-mail link
    totp       BLOB NOT NULL,              -- secret; empty = off
    totp_step  INTEGER NOT NULL,           -- last step used: a code works once
    roles      INTEGER NOT NULL,           -- bit set, enum role
    status     INTEGER NOT NULL,           -- 1 asked to join, 2 active, 3 left, 4 refused, 5 imported (not reached yet)
    lang       INTEGER NOT NULL,
    college    TEXT NOT NULL,
    trade      TEXT NOT NULL,              -- courier, cleaner ... in their own words
    bio        TEXT NOT NULL,
    place      TEXT NOT NULL,
    lat        INTEGER NOT NULL,
    lon        INTEGER NOT NULL,
    picture    INTEGER NOT NULL,           -- photo; 0 = initials
    iban       TEXT NOT NULL,              -- where a client pays directly
    bic        TEXT NOT NULL,
    notices    INTEGER NOT NULL,           -- bit set of kinds of mail wanted
    reason     TEXT NOT NULL,              -- of the application, or of its refusal
    source_key TEXT UNIQUE,                -- of an import
    asked_ns   INTEGER NOT NULL,
    joined_ns  INTEGER NOT NULL,
    left_ns    INTEGER NOT NULL,
    jobs_n     INTEGER NOT NULL            -- orders completed as provider: derived
) STRICT;
CREATE INDEX member_status ON member (status, id);

CREATE TABLE session (
    token      BLOB PRIMARY KEY,           -- SHA-256 of the cookie
    member     INTEGER NOT NULL REFERENCES member (id),
    csrf       TEXT NOT NULL,
    agent      TEXT NOT NULL,              -- what the browser said it is
    created_ns INTEGER NOT NULL,
    seen_ns    INTEGER NOT NULL,
    expires_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_member ON session (member);

CREATE TABLE link (
    token      BLOB PRIMARY KEY,           -- SHA-256 of what the mail says
    kind       INTEGER NOT NULL,           -- 1 sign in, 2 invitation, 3 guest's order, 4 founding, 5 new e-mail address
    member     INTEGER NOT NULL,           -- 0 = nobody yet
    email      TEXT NOT NULL,
    roles      INTEGER NOT NULL,           -- of an invitation
    target     TEXT NOT NULL,              -- page to go to
    created_by INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    expires_ns INTEGER NOT NULL,
    used_ns    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_member ON link (member) WHERE member > 0;

-- Failed sign-ins are counted for a pair of address and account, so that nobody can lock another out.
CREATE TABLE sign_in_fail (
    key      BLOB PRIMARY KEY,
    fails    INTEGER NOT NULL,
    until_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the facilitators and the house did to members: admission, roles, leaving, with the reason.
CREATE TABLE member_event (
    id     INTEGER PRIMARY KEY,
    member INTEGER NOT NULL,
    event  INTEGER NOT NULL,               -- enum member_event
    actor  INTEGER NOT NULL,
    note   TEXT NOT NULL,
    at_ns  INTEGER NOT NULL
) STRICT;
CREATE INDEX member_event_member ON member_event (member);

-- What the founders have typed so far, by the name of the wizard's field, and `_key`: SHA-256 of the cookie of the browser
-- that holds the pen. Emptied by the founding.
CREATE TABLE found_draft (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- --- market (records) -------------------------------------------------------------------------------------------------------

CREATE TABLE category (
    id       INTEGER PRIMARY KEY,
    parent   INTEGER NOT NULL,             -- 0 = top
    slug     TEXT NOT NULL UNIQUE,
    name_en  TEXT NOT NULL,
    name_fr  TEXT NOT NULL,
    picture  TEXT NOT NULL,                -- drawn picture for offers without a photo: img/NAME.svg
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE offer (
    id           INTEGER PRIMARY KEY,
    uid          BLOB NOT NULL UNIQUE,
    member       INTEGER NOT NULL REFERENCES member (id),
    side         INTEGER NOT NULL,         -- 1 offer, 2 need
    kind         INTEGER NOT NULL,         -- enum order_kind
    status       INTEGER NOT NULL,         -- enum offer_status
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    lang         INTEGER NOT NULL,
    category     INTEGER NOT NULL REFERENCES category (id),
    a_currency   INTEGER NOT NULL,         -- first price; 0 = none
    a_minor      INTEGER NOT NULL,
    b_currency   INTEGER NOT NULL,         -- second price; 0 = none
    b_minor      INTEGER NOT NULL,
    price_mode   INTEGER NOT NULL,         -- enum offer_price_mode: free, one, either of two, both together, on request
    per          INTEGER NOT NULL,         -- enum offer_per: whole, hour, day, night, item, kg, person
    stock        INTEGER NOT NULL,         -- -1 = not counted
    claimed      INTEGER NOT NULL,         -- pending and firm claims of running orders
    cancel       INTEGER NOT NULL,         -- enum offer_cancel: flexible, moderate, strict
    place        TEXT NOT NULL,
    lat          INTEGER NOT NULL,         -- rounded to 300 m
    lon          INTEGER NOT NULL,
    cell         INTEGER NOT NULL,         -- geo_cell
    source_key   TEXT UNIQUE,              -- of an import
    source_hash  BLOB NOT NULL,            -- of the imported line: a second run changes nothing
    group_of     INTEGER NOT NULL,         -- offer that groups this one; 0 = none
    reviews_n    INTEGER NOT NULL,         -- derived
    stars_sum    INTEGER NOT NULL,         -- derived
    photo        INTEGER NOT NULL,         -- first photo; 0 = drawn picture
    created_ns   INTEGER NOT NULL,
    updated_ns   INTEGER NOT NULL
) STRICT;
CREATE INDEX offer_member ON offer (member, id);
CREATE INDEX offer_status ON offer (side, status, id);
CREATE INDEX offer_group ON offer (group_of) WHERE group_of > 0;

CREATE TABLE offer_variant (
    id         INTEGER PRIMARY KEY,
    offer      INTEGER NOT NULL REFERENCES offer (id),
    label      TEXT NOT NULL,              -- Blue, Large
    a_minor    INTEGER NOT NULL,
    b_minor    INTEGER NOT NULL,
    stock      INTEGER NOT NULL,
    claimed    INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    source_key TEXT UNIQUE,
    source_hash BLOB NOT NULL              -- of the imported line
) STRICT;
CREATE INDEX offer_variant_offer ON offer_variant (offer, position);

CREATE TABLE photo (
    id         INTEGER PRIMARY KEY,
    member     INTEGER NOT NULL REFERENCES member (id),
    offer      INTEGER NOT NULL,           -- 0 = a member's picture
    position   INTEGER NOT NULL,
    alt        TEXT NOT NULL,
    width      INTEGER NOT NULL,           -- of `page`
    height     INTEGER NOT NULL,
    sha        BLOB NOT NULL,              -- of the page picture: its address
    card       BLOB NOT NULL,              -- WebP, at most 400 px wide
    page       BLOB NOT NULL,              -- WebP, at most 1600 px wide
    created_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX photo_offer ON photo (offer, position) WHERE offer > 0;

-- --- orders -----------------------------------------------------------------------------------------------------------------

CREATE TABLE orders (
    id            INTEGER PRIMARY KEY,
    uid           BLOB NOT NULL UNIQUE,    -- given by whoever asks: asking twice is asking once
    reference     TEXT NOT NULL UNIQUE,    -- RF creditor reference (ISO 11649)
    kind          INTEGER NOT NULL,        -- enum order_kind
    state         INTEGER NOT NULL,        -- enum order_state
    opened_by     INTEGER NOT NULL,        -- enum order_who: buyer, or provider when a need is answered
    buyer         INTEGER NOT NULL REFERENCES member (id),
    provider      INTEGER NOT NULL REFERENCES member (id),
    mediator      INTEGER NOT NULL,        -- member; 0 = not named yet
    instant       INTEGER NOT NULL,
    offer         INTEGER NOT NULL,        -- of the first line
    title         TEXT NOT NULL,           -- frozen
    quantity      INTEGER NOT NULL,
    starts_ns     INTEGER NOT NULL,        -- when the work happens; 0 = no date
    ends_ns       INTEGER NOT NULL,
    counter_quantity  INTEGER NOT NULL,
    counter_starts_ns INTEGER NOT NULL,
    counter_ends_ns   INTEGER NOT NULL,
    counter_parts_n   INTEGER NOT NULL,
    parts_n       INTEGER NOT NULL,
    terms         BLOB NOT NULL,           -- frozen at request, written by rules/order_bytes.c
    pay_said      INTEGER NOT NULL,
    pay_seen      INTEGER NOT NULL,
    requested_ns  INTEGER NOT NULL,
    accepted_ns   INTEGER NOT NULL,
    started_ns    INTEGER NOT NULL,
    delivered_ns  INTEGER NOT NULL,
    ended_ns      INTEGER NOT NULL,
    disputed_from INTEGER NOT NULL,
    proposal_by   INTEGER NOT NULL,        -- enum order_who
    proposal_received INTEGER NOT NULL,
    overdue_days  INTEGER NOT NULL,
    timer_ns      INTEGER NOT NULL,        -- what the clock will play, 0 = nothing
    timer_event   INTEGER NOT NULL,
    code          TEXT NOT NULL,           -- shown to the buyer, said at the hand-over
    events_n      INTEGER NOT NULL,
    updated_ns    INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_buyer ON orders (buyer, id);
CREATE INDEX orders_provider ON orders (provider, id);
CREATE INDEX orders_buyer_runs ON orders (buyer) WHERE state < 8;
CREATE INDEX orders_provider_runs ON orders (provider) WHERE state < 8;
CREATE INDEX orders_offer ON orders (offer, id);
CREATE INDEX orders_timer ON orders (timer_ns) WHERE timer_ns > 0;
CREATE INDEX orders_disputed ON orders (id) WHERE state = 7;

-- One unit of the price of an order: what was agreed, what is proposed, what was paid (struct order_part, order_paid).
CREATE TABLE order_part (
    orders        INTEGER NOT NULL REFERENCES orders (id),
    part          INTEGER NOT NULL,        -- 0, 1
    unit_kind     INTEGER NOT NULL,
    currency      INTEGER NOT NULL,
    funding       INTEGER NOT NULL,        -- enum order_funding
    price         INTEGER NOT NULL,
    fee_buyer     INTEGER NOT NULL,
    fee_provider  INTEGER NOT NULL,
    deposit       INTEGER NOT NULL,
    counter_price        INTEGER NOT NULL, -- of a counter-offer; the same unit and funding
    counter_fee_buyer    INTEGER NOT NULL,
    counter_fee_provider INTEGER NOT NULL,
    counter_deposit      INTEGER NOT NULL,
    held          INTEGER NOT NULL,
    deposit_held  INTEGER NOT NULL,
    hold_provider INTEGER NOT NULL,        -- seq of the open hold of each leg; 0 = none
    hold_fee      INTEGER NOT NULL,
    hold_deposit  INTEGER NOT NULL,
    to_provider   INTEGER NOT NULL,
    to_coop       INTEGER NOT NULL,
    refunded      INTEGER NOT NULL,
    late_claim    INTEGER NOT NULL,
    owed_buyer    INTEGER NOT NULL,
    owed_provider INTEGER NOT NULL,
    split_refund  INTEGER NOT NULL,        -- the proposal on the table
    split_provider INTEGER NOT NULL,
    split_fee     INTEGER NOT NULL,
    split_deposit INTEGER NOT NULL,
    PRIMARY KEY (orders, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_line (
    orders    INTEGER NOT NULL REFERENCES orders (id),
    position  INTEGER NOT NULL,
    offer     INTEGER NOT NULL,
    variant   INTEGER NOT NULL,            -- 0 = none
    title     TEXT NOT NULL,
    quantity  INTEGER NOT NULL,
    a_minor   INTEGER NOT NULL,            -- of one
    b_minor   INTEGER NOT NULL,
    claim     INTEGER NOT NULL,            -- 0 none, 1 pending, 2 firm, 3 used
    PRIMARY KEY (orders, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_event (
    orders INTEGER NOT NULL,
    num    INTEGER NOT NULL,               -- 1, 2, 3 ...
    event  INTEGER NOT NULL,               -- enum order_event
    actor  INTEGER NOT NULL,               -- member; 0 = the clock
    state  INTEGER NOT NULL,               -- after
    note   TEXT NOT NULL,
    entry  INTEGER NOT NULL,               -- of the ledger; 0 = none
    at_ns  INTEGER NOT NULL,
    PRIMARY KEY (orders, num)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_message (
    id     INTEGER PRIMARY KEY,
    orders INTEGER NOT NULL,
    author INTEGER NOT NULL,
    body   TEXT NOT NULL,
    at_ns  INTEGER NOT NULL
) STRICT;
CREATE INDEX order_message_orders ON order_message (orders, id);

CREATE TABLE review (
    orders       INTEGER NOT NULL,
    author       INTEGER NOT NULL,
    about        INTEGER NOT NULL,         -- member
    offer        INTEGER NOT NULL,         -- whose owner it is about; 0 = about who asked
    stars        INTEGER NOT NULL,
    body         TEXT NOT NULL,
    written_ns   INTEGER NOT NULL,
    published_ns INTEGER NOT NULL,         -- 0 = still in its envelope
    due_ns       INTEGER NOT NULL,         -- when the clock opens the envelope
    PRIMARY KEY (orders, author)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_offer ON review (offer, published_ns) WHERE published_ns > 0;
CREATE INDEX review_about ON review (about, published_ns) WHERE published_ns > 0;
CREATE INDEX review_sealed ON review (due_ns) WHERE published_ns = 0;

-- --- letters out, imports ------------------------------------------------------------------------------------------------------

-- A letter to write and send: what it is about, never its text, which is made in the reader's language when it leaves.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    kind       INTEGER NOT NULL,           -- enum letter_kind
    member     INTEGER NOT NULL,           -- to whom; 0 = only an address
    email      TEXT NOT NULL,              -- '' = the member's
    ref        INTEGER NOT NULL,           -- the order, the member ... it is about
    arg        INTEGER NOT NULL,           -- a number that the kind explains
    secret     TEXT NOT NULL,              -- of a link; emptied when sent
    state      INTEGER NOT NULL,           -- 0 waiting, 1 sent, 2 given up
    tries      INTEGER NOT NULL,
    next_ns    INTEGER NOT NULL,
    created_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_next ON outbox (next_ns) WHERE state = 0;
CREATE INDEX outbox_stuck ON outbox (id) WHERE state = 2;

CREATE TABLE import_run (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,                 -- inside-airbnb, woocommerce, members
    sha     BLOB NOT NULL,                 -- of the file
    actor   INTEGER NOT NULL,
    added   INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    same    INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    at_ns   INTEGER NOT NULL
) STRICT;

-- A file that was tried out on the facilitator's desk and waits to be brought in: one a person, a day at most.
CREATE TABLE import_file (
    uid       BLOB PRIMARY KEY,
    actor     INTEGER NOT NULL,
    source    TEXT NOT NULL,
    name      TEXT NOT NULL,               -- as the browser called it
    rate      TEXT NOT NULL,
    currency  TEXT NOT NULL,
    seller    TEXT NOT NULL,
    keep_good INTEGER NOT NULL,
    admit     INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    at_ns     INTEGER NOT NULL
) STRICT;

-- --- derived: can be rebuilt by `filon rebuild` --------------------------------------------------------------------------------

-- Where one may enter the chain of an account: after its n-th transfer, about every sixty-fourth. A page of a statement, however
-- old, is then a short walk, and its balances are known. Written by the ledger.
CREATE TABLE account_mark (
    account        INTEGER NOT NULL,
    n              INTEGER NOT NULL,       -- transfers of the account so far
    seq            INTEGER NOT NULL,       -- the n-th
    debits_posted  INTEGER NOT NULL,       -- after it
    credits_posted INTEGER NOT NULL,
    PRIMARY KEY (account, n)
) STRICT, WITHOUT ROWID;

-- What moved in a month, by what it was: the pages of the money read this, never ten million transfers. Written by
-- ledger_post; a correction is taken off what it corrects.
CREATE TABLE ledger_month (
    currency INTEGER NOT NULL,
    year     INTEGER NOT NULL,             -- of the book date
    month    INTEGER NOT NULL,
    code     INTEGER NOT NULL,             -- enum ledger_code
    amount   INTEGER NOT NULL,
    n        INTEGER NOT NULL,             -- transfers
    PRIMARY KEY (currency, year, month, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE place (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    fold     TEXT NOT NULL,                -- deeds/place.h place_key of the name
    postcode TEXT NOT NULL,                -- the first one
    area     TEXT NOT NULL,                -- department or country
    lat      INTEGER NOT NULL,
    lon      INTEGER NOT NULL,
    people   INTEGER NOT NULL              -- inhabitants; 0 = not known
) STRICT;
CREATE INDEX place_fold ON place (fold, people);
CREATE INDEX place_spot ON place (lat, lon);

CREATE TABLE place_code (
    postcode TEXT NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (postcode, place)
) STRICT, WITHOUT ROWID;

-- The words of each person's name, handle and trade, by which the lists of people are searched. Written by
-- deeds/member_words.c alone.
CREATE TABLE member_word (
    word   TEXT NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (word, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_word_member ON member_word (member);

-- What is searched, of each open offer and need: the words of its title, what ranks it, and last (it may be long) all its
-- words with tokens for cell, category, kind, side, price band and currencies. Written by deeds/offer_index.c alone.
CREATE TABLE offer_words (
    offer      INTEGER PRIMARY KEY,
    side       INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    category   INTEGER NOT NULL,
    lat        INTEGER NOT NULL,
    lon        INTEGER NOT NULL,
    a_currency INTEGER NOT NULL,
    a_minor    INTEGER NOT NULL,
    b_currency INTEGER NOT NULL,
    b_minor    INTEGER NOT NULL,
    price_mode INTEGER NOT NULL,
    title      TEXT NOT NULL,
    words      TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE offer_search USING fts5 (words, content = 'offer_words', content_rowid = 'offer', detail = none,
    tokenize = 'ascii');

-- How many open ones there are, so that no page has to count them.
CREATE TABLE offer_count (
    side     INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    category INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (side, kind, category)
) STRICT, WITHOUT ROWID;
