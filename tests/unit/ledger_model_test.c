/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Random requests by seed, each answered twice: by the ledger (with a store of plain arrays, as a
 * deed would keep it) and by the naive model. Every answer and every sum must agree; the auditor
 * looks on and must find nothing; reversals must restore; what was accepted, replayed without the
 * refused, gives the same bytes. On a failure the seed and the request are printed.
 */
#include "cm.h"
#include "ledger_model.h"
#include "rules/ledger_audit.h"

#include <string.h>

enum { SEEDS = 300, REQUESTS = 400, LEGS_USUAL = 5, ENTRIES = REQUESTS + 1, OPEN_FROM = 20000 };

/* What a database would hold. */
struct books {
    struct ledger_account accounts[MODEL_PEOPLE];
    struct ledger_hold holds[MODEL_LINES];
    struct ledger_transfer transfers[MODEL_LINES];
    struct ledger_entry entries[ENTRIES];
    struct ledger_head head;
    size_t holds_n;
};

struct trial {
    uint64_t seed, chance;
    int request, clock_back;
    int64_t now;
    struct books books;
    struct model model;
    struct ledger_plan plan;
    int64_t reversed_by[ENTRIES];
    struct ledger_leg accepted[ENTRIES][LEGS_USUAL]; /* by entry, for the replay */
    int64_t accepted_now[ENTRIES];
    struct ledger_audit audit;
    struct ledger_fold folds[MODEL_PEOPLE + 1];
    struct ledger_hold audit_holds[MODEL_LINES];
    int answers[400]; /* how often each answer came: were all rules met at all? */
    int reversals;
};

static int64_t between(struct trial *t, int64_t low, int64_t high)
{
    return low + (int64_t)(chance_next(&t->chance) % (uint64_t)(high - low + 1));
}

static bool once_in(struct trial *t, int64_t n)
{
    return between(t, 1, n) == 1;
}

#define AGREE(t, what, a, b)                                                            \
    do {                                                                                \
        if ((a) != (b))                                                                 \
            fail_msg("seed %llu, request %d: %s: ledger %lld, model %lld",              \
                     (unsigned long long)(t)->seed, (t)->request, what, (long long)(a), \
                     (long long)(b));                                                   \
    } while (0)

/* --- the world of a trial --------------------------------------------------------------------- */

static void announce(struct trial *t, size_t i)
{
    const struct ledger_account *a = &t->books.accounts[i];

    ledger_audit_limits(&t->audit, a->id, a->nature, a->has_floor ? &a->floor : NULL,
                        a->has_ceiling ? &a->ceiling : NULL);
}

static void set_limits(struct trial *t, size_t i)
{
    struct ledger_account *a = &t->books.accounts[i];
    struct model_person *p = &t->model.people[i];
    const int64_t floor = between(t, -200, 0), ceiling = between(t, 0, 400);
    const bool has_floor = !once_in(t, 4), has_ceiling = !once_in(t, 3);

    if (ledger_plan_limits(a, a, has_floor ? &floor : NULL, has_ceiling ? &ceiling : NULL) != YES)
        return;
    p->has_floor = has_floor;
    p->has_ceiling = has_ceiling;
    p->floor = has_floor ? floor : 0;
    p->ceiling = has_ceiling ? ceiling : 0;
    announce(t, i);
}

static void start(struct trial *t, uint64_t seed)
{
    static const enum ledger_nature natures[] = {LEDGER_MEMO,    LEDGER_ASSET,  LEDGER_LIABILITY,
                                                 LEDGER_EXPENSE, LEDGER_INCOME, LEDGER_EQUITY};

    memset(t, 0, sizeof *t);
    t->seed = seed;
    t->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    t->now = INT64_C(1000000000000);
    t->books.head.open_from = t->books.head.soft_from = OPEN_FROM;
    ledger_audit_init(&t->audit, t->folds, MODEL_PEOPLE + 1, t->audit_holds, MODEL_LINES, NULL,
                      NULL);
    for (size_t i = 0; i < MODEL_PEOPLE; i++) {
        struct ledger_account *a = &t->books.accounts[i];
        struct model_person *p = &t->model.people[i];
        a->id = (int64_t)i + 1;
        p->currency = a->currency = i < 7 ? 1 : 2;
        a->nature = natures[between(t, 0, 5)];
        p->by_debit = a->nature == LEDGER_ASSET || a->nature == LEDGER_EXPENSE;
        if (i == 6) { /* one account stands where sums end; the auditor does not know why */
            p->born_with = LEDGER_SUM_MAX - 300;
            a->debits_posted = a->credits_posted = p->born_with;
            t->folds[a->id].debits = t->folds[a->id].credits = p->born_with;
        }
        set_limits(t, i);
    }
}

/* Members' limits are voted, accounts frozen and closed while orders run. */
static void disturb(struct trial *t)
{
    const size_t i = (size_t)between(t, 0, MODEL_PEOPLE - 1);
    struct ledger_account *a = &t->books.accounts[i];

    t->now += between(t, 0, 40);
    if (once_in(t, 200))
        t->now -= once_in(t, 2) ? 2000 : INT64_C(2000000000);
    if (t->now < t->books.head.booked_ns - LEDGER_CLOCK_SLACK_NS) {
        t->clock_back++;
        if (once_in(t, 3))
            t->now = t->books.head.booked_ns;
    }
    if (t->now < 0)
        t->now = 0;
    if (once_in(t, 25))
        set_limits(t, i);
    if (once_in(t, a->flags ? 3 : 60)) {
        a->flags ^= LEDGER_FROZEN;
        t->model.people[i].frozen = a->flags & LEDGER_FROZEN;
    }
    if (once_in(t, 60)) {
        const struct model_sums s = model_count(&t->model, a->id);
        const no answer = ledger_plan_close(a, a, t->now + 1);
        const bool may = !t->model.people[i].closed && !t->model.people[i].frozen &&
                         !s.debits_held && !s.credits_held && s.debits == s.credits;
        AGREE(t, "closing", (int)(answer == YES), (int)may);
        t->model.people[i].closed |= may;
    }
    if (once_in(t, 4) && a->closed_ns) /* keep the world alive */
        a->closed_ns = t->model.people[i].closed = 0;
}

/* --- requests --------------------------------------------------------------------------------- */

static int64_t some_amount(struct trial *t)
{
    if (!once_in(t, 30))
        return between(t, 1, 90);
    static const int64_t odd[] = {0, -1, MONEY_MAX, MONEY_MAX + 1, INT64_MIN, INT64_MAX};
    return odd[between(t, 0, 5)];
}

/* An open one mostly. */
static const struct ledger_hold *some_hold(struct trial *t)
{
    const struct ledger_hold *hold = NULL;

    for (int tries = 0; tries < 12; tries++) {
        hold = &t->books.holds[(size_t)between(t, 0, (int64_t)t->books.holds_n - 1)];
        if (hold->state == LEDGER_HOLD_OPEN || once_in(t, 9))
            break;
    }
    return hold;
}

static struct ledger_leg some_leg(struct trial *t)
{
    const int64_t seq = t->books.head.seq;
    struct ledger_leg leg = {
        .kind = LEDGER_LEG_PLAIN, .amount = some_amount(t), .code = (uint32_t)between(t, 0, 9)};

    leg.currency = once_in(t, 4) ? 2 : 1;
    leg.debit = leg.currency == 2 ? between(t, 8, 10) : between(t, 1, 7);
    leg.credit = leg.currency == 2 ? between(t, 8, 10) : between(t, 1, 7);
    if (leg.credit == leg.debit && !once_in(t, 9))
        leg.credit = leg.currency == 2 ? 8 + (leg.debit - 7) % 3 : 1 + leg.debit % 7;
    if (once_in(t, 40))
        leg.credit = between(t, 0, MODEL_PEOPLE + 1);
    if (once_in(t, 3)) {
        leg.kind = LEDGER_LEG_HOLD;
        leg.expires_ns = once_in(t, 2) ? 0 : t->now + between(t, -1, 500);
        leg.expires_ns = leg.expires_ns < 0 ? 0 : leg.expires_ns;
    } else if (once_in(t, 2)) {
        const struct ledger_hold *hold = NULL;
        if (t->books.holds_n && !once_in(t, 20))
            hold = some_hold(t);
        leg.kind = (enum ledger_kind)between(t, LEDGER_LEG_POST, LEDGER_LEG_EXPIRE);
        leg.hold = hold ? hold->seq : between(t, 0, seq + 2);
        if (hold && hold->expires_ns && hold->expires_ns <= t->now && !once_in(t, 3))
            leg.kind = LEDGER_LEG_EXPIRE;
        if (leg.kind != LEDGER_LEG_POST)
            leg.amount = once_in(t, 9) ? leg.amount : 0;
        else if (hold && !once_in(t, 5))
            leg.amount = between(t, 0, hold->amount);
        if (!once_in(t, 9))
            leg.debit = leg.credit = leg.currency = 0;
    }
    return leg;
}

static bool hold_named(const struct ledger_request *r, int64_t seq)
{
    for (size_t i = 0; i < r->legs_n; i++)
        if (r->legs[i].hold == seq)
            return true;
    return false;
}

/* --- asking both ------------------------------------------------------------------------------ */

/* What a deed does with a plan. */
static void keep(struct books *books, const struct ledger_plan *plan)
{
    for (size_t i = 0; i < plan->accounts_n; i++)
        books->accounts[plan->accounts[i].id - 1] = plan->accounts[i];
    for (size_t i = 0; i < plan->transfers_n; i++)
        books->transfers[plan->transfers[i].seq - 1] = plan->transfers[i];
    for (size_t i = 0; i < plan->holds_n; i++) {
        size_t at = 0;
        while (at < books->holds_n && books->holds[at].seq != plan->holds[i].seq)
            at++;
        assert_true(at < books->holds_n || plan->holds[i].state == LEDGER_HOLD_OPEN);
        assert_true(at == books->holds_n || books->holds[at].state == LEDGER_HOLD_OPEN);
        books->holds[at] = plan->holds[i];
        books->holds_n += at == books->holds_n;
    }
    books->entries[plan->entry.id] = plan->entry;
    books->head.entry = plan->entry.id;
    books->head.num = plan->entry.num;
    books->head.booked_ns = plan->entry.booked_ns;
    books->head.seq += (int64_t)plan->transfers_n;
}

static no ask_ledger(struct books *books, struct ledger_plan *plan, const struct ledger_request *r)
{
    struct ledger_hold named[MODEL_LINES];
    size_t named_n = 0;

    for (size_t i = 0; i < books->holds_n; i++)
        if (hold_named(r, books->holds[i].seq))
            named[named_n++] = books->holds[i];
    TRY(ledger_plan_entry(plan, r, books->accounts, MODEL_PEOPLE, named, named_n, &books->head));
    keep(books, plan);
    return YES;
}

static void agree_on_sums(struct trial *t)
{
    for (size_t i = 0; i < MODEL_PEOPLE; i++) {
        const struct ledger_account *a = &t->books.accounts[i];
        const struct model_sums s = model_count(&t->model, a->id);
        AGREE(t, "debits", a->debits_posted, s.debits);
        AGREE(t, "credits", a->credits_posted, s.credits);
        AGREE(t, "debits held", a->debits_pending, s.debits_held);
        AGREE(t, "credits held", a->credits_pending, s.credits_held);
    }
}

static no ask_both(struct trial *t, const struct ledger_request *r)
{
    const no predicted = model_ask(&t->model, r, OPEN_FROM);
    const no answer = ask_ledger(&t->books, &t->plan, r);

    AGREE(t, "answer", (int)answer, (int)predicted);
    t->answers[answer]++;
    if (answer != YES)
        return answer;
    agree_on_sums(t);
    AGREE(t, "clock", t->plan.entry.booked_ns, t->model.last_ns);
    ledger_audit_entry(&t->audit, t->plan.entry.id, t->plan.entry.booked_ns);
    for (size_t i = 0; i < t->plan.transfers_n; i++)
        ledger_audit_transfer(&t->audit, &t->plan.transfers[i]);
    AGREE(t, "audit", t->audit.faults_n, 0);
    memcpy(t->accepted[t->plan.entry.id], r->legs, r->legs_n * sizeof *r->legs);
    t->accepted_now[t->plan.entry.id] = r->now_ns;
    return YES;
}

static void ask_something(struct trial *t)
{
    struct ledger_leg legs[LEDGER_LEGS_MAX + 1];
    struct ledger_request r = {
        .book_date = OPEN_FROM - once_in(t, 50), .now_ns = t->now, .legs = legs, .label = S("x")};

    r.legs_n = once_in(t, 100) ? 0 : once_in(t, 100) ? 65 : (size_t)between(t, 1, LEGS_USUAL);
    r.legs_n = once_in(t, 2) && r.legs_n ? 1 : r.legs_n;
    for (size_t i = 0; i < r.legs_n; i++)
        legs[i] = i < LEGS_USUAL ? some_leg(t) : legs[0];
    (void)(ask_both(t, &r) == YES);
}

/* What an entry and its reversal did together: no account has more or less than before, and no
 * hold of the entry is left (one that it posted stays posted: its money went back instead). */
static void agree_it_restores(const struct trial *t, int64_t one, int64_t two)
{
    int64_t moved[MODEL_PEOPLE + 1] = {0}, held = 0;

    for (int64_t i = 0; i < t->model.lines_n; i++) {
        const struct model_line *line = &t->model.lines[i];
        if (line->entry != one && line->entry != two)
            continue;
        if (line->kind == LEDGER_LEG_PLAIN || line->kind == LEDGER_LEG_POST) {
            moved[line->debit] -= line->amount;
            moved[line->credit] += line->amount;
        } else {
            held += line->kind == LEDGER_LEG_HOLD ? line->amount : -line->amount;
        }
    }
    for (size_t i = 1; i <= MODEL_PEOPLE; i++)
        AGREE(t, "restored balance", moved[i], 0);
    AGREE(t, "restored holds", held, 0);
}

static void reverse_something(struct trial *t)
{
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    struct ledger_request r = {.book_date = OPEN_FROM, .now_ns = t->now};
    const int64_t entry = between(t, 0, t->books.head.entry);
    const struct ledger_entry *original = entry ? &t->books.entries[entry] : NULL;
    const int64_t first = entry ? original->first_seq : 1;
    const size_t n = entry ? (size_t)original->transfers_n : 0;
    const no predicted = model_may_reverse(&t->model, entry, t->reversed_by[entry] != 0);
    const no answer =
        ledger_plan_reversal(&r, legs, original, t->reversed_by[entry],
                             &t->books.transfers[first - 1], n, t->books.holds, t->books.holds_n);

    AGREE(t, "reversal", (int)answer, (int)predicted);
    t->answers[answer] += answer != YES;
    if (answer == YES && ask_both(t, &r) == YES) {
        t->reversed_by[entry] = t->books.head.entry;
        agree_it_restores(t, entry, t->books.head.entry);
        t->reversals++;
    }
}

/* --- what must be true of a whole trial ------------------------------------------------------- */

static void sums_are_zero(const struct trial *t)
{
    int64_t posted[3] = {0}, pending[3] = {0}; /* by currency; differences, so nothing overflows */

    for (size_t i = 0; i < MODEL_PEOPLE; i++) {
        const struct ledger_account *a = &t->books.accounts[i];
        posted[a->currency] += a->debits_posted - a->credits_posted;
        pending[a->currency] += a->debits_pending - a->credits_pending;
    }
    for (size_t c = 1; c <= 2; c++) {
        AGREE(t, "sum posted", posted[c], 0);
        AGREE(t, "sum pending", pending[c], 0);
    }
}

static void holds_end_once(const struct trial *t)
{
    for (size_t i = 0; i < t->books.holds_n; i++) {
        const struct ledger_hold *hold = &t->books.holds[i];
        int64_t ends = 0;
        for (int64_t l = 0; l < t->books.head.seq; l++)
            ends += t->books.transfers[l].pending_seq == hold->seq;
        AGREE(t, "ends of a hold", (int64_t)(hold->state != LEDGER_HOLD_OPEN), ends);
    }
}

static str bytes_of(struct arena *arena, const struct books *books, int64_t entry)
{
    const struct ledger_entry *e = &books->entries[entry];
    struct buf out;

    buf_init(&out, arena, 1024);
    ledger_entry_bytes(&out, e, &books->transfers[e->first_seq - 1], (size_t)e->transfers_n);
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

/* Only what was accepted, on accounts without limits or flags: the refused left no trace. */
static void replay_gives_the_same_bytes(struct trial *t, struct books *again)
{
    char block[16384];
    struct arena arena;

    memset(again, 0, sizeof *again);
    again->head.open_from = again->head.soft_from = OPEN_FROM;
    for (size_t i = 0; i < MODEL_PEOPLE; i++) {
        struct ledger_account *a = &again->accounts[i];
        const int64_t born = t->model.people[i].born_with;
        *a = (struct ledger_account){
            .id = (int64_t)i + 1, .debits_posted = born, .credits_posted = born};
        a->currency = t->books.accounts[i].currency;
        a->nature = t->books.accounts[i].nature;
    }
    for (int64_t e = 1; e <= t->books.head.entry; e++) {
        const struct ledger_entry *was = &t->books.entries[e];
        const struct ledger_request r = {.book_date = was->book_date,
                                         .label = was->label,
                                         .corrects = was->corrects,
                                         .now_ns = t->accepted_now[e],
                                         .legs = t->accepted[e],
                                         .legs_n = (size_t)was->transfers_n};
        AGREE(t, "replay", (int)ask_ledger(again, &t->plan, &r), (int)YES);
        arena_init_on(&arena, block, sizeof block);
        if (!str_eq(bytes_of(&arena, again, e), bytes_of(&arena, &t->books, e)))
            fail_msg("seed %llu: entry %lld replayed to other bytes", (unsigned long long)t->seed,
                     (long long)e);
    }
}

static void audit_finds_nothing(struct trial *t)
{
    for (size_t i = 0; i < MODEL_PEOPLE; i++)
        ledger_audit_account(&t->audit, &t->books.accounts[i]);
    AGREE(t, "audit", (int)ledger_audit_finish(&t->audit), (int)true);
}

static void model_predicts_every_answer(void **state)
{
    struct trial *t = calloc(1, sizeof *t);
    struct books *again = calloc(1, sizeof *again);
    int answers[400] = {0}, reversals = 0, clock_back = 0;

    (void)state;
    assert_non_null(t);
    assert_non_null(again);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        start(t, seed);
        for (t->request = 0; t->request < REQUESTS; t->request++) {
            disturb(t);
            if (once_in(t, 12))
                reverse_something(t);
            else
                ask_something(t);
        }
        sums_are_zero(t);
        holds_end_once(t);
        replay_gives_the_same_bytes(t, again);
        audit_finds_nothing(t);
        for (int i = 0; i < 400; i++)
            answers[i] += t->answers[i];
        reversals += t->reversals;
        clock_back += t->clock_back;
    }
    print_message("%d of %d accepted, %d reversals\n", answers[YES], SEEDS * REQUESTS, reversals);
    assert_true(answers[YES] > SEEDS * REQUESTS / 5); /* the trial is about something */
    for (int i = NO_AMOUNT_NOT_POSITIVE; i <= NO_ALREADY_REVERSED; i++)
        if (!answers[i])
            fail_msg("%s never came", no_line((no)i)->name);
    assert_true(clock_back > SEEDS);
    assert_true(reversals > SEEDS);
    free(again);
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(model_predicts_every_answer)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
