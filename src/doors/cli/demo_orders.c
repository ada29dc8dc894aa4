/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Six months of orders. Each order follows a script: who does what, some hours after the last act.
 * A person may find that the house refuses (a purse at its limit, a thing just sold): then that act
 * did not happen, as in life.
 */
#include "deeds/clock.h"
#include "deeds/order.h"
#include "deeds/review.h"
#include "doors/cli/demo_in.h"

#include <string.h>

enum demo_who { NOBODY, OPENS, ANSWERS, BUYS, PROVIDES, MEDIATES };
/* Beside the events of an order: a review, a mediator who takes the case. */
enum { REVIEW = 100, MEDIATE = 101 };

/* `more`: hours after the last act, at most twice that. */
struct demo_step {
    int more;
    enum demo_who who;
    int what;
};

#define PAID                           \
    {6, BUYS, ORDER_DO_PAY_SAID},      \
    {                                  \
        8, PROVIDES, ORDER_DO_PAY_SEEN \
    }
#define DONE                           \
    {                                  \
        14, PROVIDES, ORDER_DO_DELIVER \
    }
#define PRAISED              \
    {10, BUYS, REVIEW},      \
    {                        \
        12, PROVIDES, REVIEW \
    }
#define END          \
    {                \
        0, NOBODY, 0 \
    }

static const struct demo_step well[] = {{0, OPENS, ORDER_DO_REQUEST},
                                        {5, ANSWERS, ORDER_DO_ACCEPT},
                                        PAID,
                                        DONE,
                                        {8, BUYS, ORDER_DO_CONFIRM},
                                        PRAISED,
                                        END};
static const struct demo_step talked[] = {{0, OPENS, ORDER_DO_REQUEST},
                                          {2, OPENS, ORDER_DO_MESSAGE},
                                          {2, ANSWERS, ORDER_DO_MESSAGE},
                                          {1, ANSWERS, ORDER_DO_ACCEPT},
                                          PAID,
                                          DONE,
                                          {8, BUYS, ORDER_DO_CONFIRM},
                                          {9, BUYS, REVIEW},
                                          END};
static const struct demo_step begun[] = {{0, OPENS, ORDER_DO_REQUEST},
                                         {5, ANSWERS, ORDER_DO_ACCEPT},
                                         PAID,
                                         {9, PROVIDES, ORDER_DO_START},
                                         {4, PROVIDES, ORDER_DO_DELIVER},
                                         {8, BUYS, ORDER_DO_CONFIRM},
                                         PRAISED,
                                         END};
static const struct demo_step silent[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {5, ANSWERS, ORDER_DO_ACCEPT}, PAID, DONE, END};
static const struct demo_step declined[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {9, ANSWERS, ORDER_DO_DECLINE}, END};
static const struct demo_step forgotten[] = {{0, OPENS, ORDER_DO_REQUEST}, END};
static const struct demo_step withdrawn[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {8, OPENS, ORDER_DO_WITHDRAW}, END};
static const struct demo_step cancelled[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {5, ANSWERS, ORDER_DO_ACCEPT}, {12, BUYS, ORDER_DO_CANCEL}, END};
static const struct demo_step given_up[] = {{0, OPENS, ORDER_DO_REQUEST},
                                            {5, ANSWERS, ORDER_DO_ACCEPT},
                                            {20, PROVIDES, ORDER_DO_CANCEL},
                                            END};
static const struct demo_step haggled[] = {{0, OPENS, ORDER_DO_REQUEST},
                                           {6, ANSWERS, ORDER_DO_COUNTER},
                                           {6, OPENS, ORDER_DO_AGREE},
                                           PAID,
                                           DONE,
                                           {8, BUYS, ORDER_DO_CONFIRM},
                                           PRAISED,
                                           END};
static const struct demo_step settled[] = {{0, OPENS, ORDER_DO_REQUEST},
                                           {5, ANSWERS, ORDER_DO_ACCEPT},
                                           PAID,
                                           DONE,
                                           {6, BUYS, ORDER_DO_DISPUTE},
                                           {9, PROVIDES, ORDER_DO_SETTLE_PROPOSE},
                                           {7, BUYS, ORDER_DO_SETTLE_AGREE},
                                           END};
static const struct demo_step decided[] = {{0, OPENS, ORDER_DO_REQUEST},
                                           {5, ANSWERS, ORDER_DO_ACCEPT},
                                           PAID,
                                           DONE,
                                           {6, BUYS, ORDER_DO_DISPUTE},
                                           {9, MEDIATES, MEDIATE},
                                           {8, PROVIDES, ORDER_DO_MESSAGE},
                                           {20, MEDIATES, ORDER_DO_DECIDE},
                                           END};
static const struct demo_step goodwill[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {5, ANSWERS, ORDER_DO_ACCEPT},     PAID, DONE,
    {8, BUYS, ORDER_DO_CONFIRM},  {20, PROVIDES, ORDER_DO_GOODWILL}, END};

/* Out of a hundred orders. */
static const struct {
    const struct demo_step *script;
    uint64_t weight;
} scripts[] = {{well, 48},    {talked, 11},   {begun, 8},     {silent, 8},    {haggled, 5},
               {declined, 4}, {forgotten, 3}, {withdrawn, 3}, {cancelled, 4}, {given_up, 2},
               {settled, 2},  {decided, 1},   {goodwill, 1}};

static const struct demo_step *choose_script(struct demo *demo)
{
    uint64_t at = demo_of(demo, 100);

    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        if (at < scripts[i].weight)
            return scripts[i].script;
        at -= scripts[i].weight;
    }
    return well;
}

/* --- acts --- */

static bool is_need(const struct demo *demo, const struct demo_order *order)
{
    return demo->shown[order->shown].offer->side == 'n';
}

static size_t who_acts(const struct demo *demo, const struct demo_order *order, enum demo_who who)
{
    const size_t owner = demo->shown[order->shown].owner, asker = order->buyer;
    const bool need = is_need(demo, order);

    switch (who) {
    case OPENS:
        return asker;
    case ANSWERS:
        return owner;
    case BUYS:
        return need ? owner : asker;
    case PROVIDES:
        return need ? asker : owner;
    case MEDIATES:
        return demo_person_of("odile");
    case NOBODY:
        break;
    }
    return asker;
}

static no request(struct demo *demo, struct demo_order *order)
{
    const struct demo_offer *offer = demo->shown[order->shown].offer;
    struct order_request_form form = {
        .lines = {{demo->shown[order->shown].id, 0,
                   offer->kind == ORDER_SALE ? 1 + (int64_t)(order->chance % 3) : 1}},
        .lines_n = 1,
        .pay_with = order->pay_with,
        .seen_a = -1,
        .seen_b = -1,
        .note = order->chance % 3 == 0 ? str_of(demo_question(order->chance >> 8)) : STR_NONE};

    for (size_t i = 0; i < sizeof form.uid.bytes; i++)
        form.uid.bytes[i] = (uint8_t)(demo_chance(demo) >> 24);
    TRY(deed_order_request(demo->ctx, &form));
    order->order = form.order;
    return YES;
}

static no review(struct demo *demo, const struct demo_order *order, bool buyer)
{
    const enum order_kind kind = demo->shown[order->shown].offer->kind;
    const uint64_t at = demo_chance(demo) >> 16;
    const int stars = at % 20 == 0 ? 3 : at % 5 == 0 ? 4 : 5;
    struct review_form form = {
        .order = order->order,
        .stars = stars,
        .text = str_of(buyer ? demo_review(kind, stars, at >> 8) : demo_answer(at >> 8))};

    return deed_review_write(demo->ctx, &form);
}

/* A third comes back, the rest stays with the work. */
static void fill_split(const struct order *order, struct order_act_form *form)
{
    for (size_t i = 0; i < order->facts.deal.parts_n; i++)
        form->split[i] = order_split_at(&order->facts.deal.parts[i], ORDER_BP / 3);
    form->received = true;
}

static no act(struct demo *demo, const struct demo_order *order, enum order_event event)
{
    struct order_act_form form = {.order = order->order,
                                  .event = event,
                                  .seen_events_n = -1,
                                  .counter_price = {-1, -1},
                                  .actual_price = {-1, -1}};
    struct order now;

    TRY(order_read(demo->ctx, order->order, &now));
    if (event == ORDER_DO_MESSAGE)
        form.note = str_of(demo_question(demo_chance(demo) >> 16));
    if (event == ORDER_DO_DISPUTE)
        form.note = S("Ce n’est pas ce qui était convenu, et nous n’avons pas trouvé d’accord.");
    if (event == ORDER_DO_COUNTER && now.facts.deal.parts_n > 0)
        form.counter_price[0] = now.facts.deal.parts[0].price * 11 / 10;
    if (event == ORDER_DO_GOODWILL && now.facts.deal.parts_n > 0)
        form.amount = now.facts.deal.parts[0].price / 10;
    fill_split(&now, &form);
    return deed_order_act(demo->ctx, &form);
}

/* Money that goes from hand to hand is said and seen; hours and credits go by themselves. */
static bool is_direct(const struct demo *demo, const struct demo_order *order)
{
    const struct demo_offer *offer = demo->shown[order->shown].offer;

    return offer->money != NULL && (order->pay_with < 2 || offer->both);
}

static no take_step(struct demo *demo, struct demo_order *order)
{
    const struct demo_step *step = order->step;
    const bool pays = step->what == ORDER_DO_PAY_SAID || step->what == ORDER_DO_PAY_SEEN;

    if (pays && !is_direct(demo, order))
        return YES;
    demo_as(demo, order->at_ns, who_acts(demo, order, step->who));
    if (step->what == ORDER_DO_REQUEST)
        return request(demo, order);
    if (step->what == REVIEW)
        return review(demo, order, step->who == BUYS);
    if (step->what == MEDIATE)
        return deed_order_mediate(demo->ctx, &(struct order_mediate_form){.order = order->order});
    return act(demo, order, (enum order_event)step->what);
}

struct step_taken {
    struct demo *demo;
    struct demo_order *order;
};

static no try_step(struct ctx *ctx, void *taken_)
{
    const struct step_taken *taken = taken_;

    (void)ctx;
    return take_step(taken->demo, taken->order);
}

/* People sleep: nothing happens between ten at night and seven in the morning (UTC, near enough).
 */
static int64_t awake(int64_t at_ns)
{
    const int64_t hour = at_ns % DEMO_DAY / ORDER_HOUR;

    if (hour >= 21)
        return at_ns + (24 - hour + 6) * ORDER_HOUR;
    return hour < 6 ? at_ns + (6 - hour) * ORDER_HOUR : at_ns;
}

static no next_step(struct demo *demo, struct demo_order *order)
{
    struct step_taken taken = {demo, order};
    const size_t mark = arena_mark(demo->ctx->arena);
    const no answer = deed_try(demo->ctx, try_step, &taken);

    if (no_is_fault(answer) || arena_overflowed(demo->ctx->arena))
        return answer == YES ? NO_TOO_LARGE : answer;
    demo->made += answer == YES;
    demo->refused += answer != YES;
    demo->ctx->wrongs_n = 0;
    arena_rewind(demo->ctx->arena, mark);
    order->step++;
    if (order->step->who == NOBODY || order->order == 0) {
        order->step = NULL;
        return YES;
    }
    const int64_t wait = order->step->more * ORDER_HOUR;

    order->at_ns =
        awake(order->at_ns + wait + (int64_t)demo_of(demo, 3600) * wait / 3600 + 7 * ORDER_MINUTE);
    return YES;
}

/* --- days --- */

static void start_order(struct demo *demo, const struct demo_order *order)
{
    for (size_t i = 0; i < demo->live_n; i++)
        if (demo->live[i].step == NULL) {
            demo->live[i] = *order;
            return;
        }
    if (demo->live_n < DEMO_LIVE_MAX)
        demo->live[demo->live_n++] = *order;
}

static bool is_here(const struct demo *demo, size_t person)
{
    return demo->people[person].member != 0 &&
           (demo->people[person].roles & (ROLE_MEMBER | ROLE_CLIENT)) != 0;
}

/* A quarter of the orders are Inès's and Nadia's, so that the people one signs in as have lived. */
static size_t choose_buyer(struct demo *demo)
{
    const uint64_t at = demo_of(demo, 100);

    if (at < 14)
        return demo_person_of("ines");
    return at < 20 ? demo_person_of("nadia") : (size_t)demo_of(demo, demo_people_n);
}

static size_t choose_shown(struct demo *demo)
{
    const size_t nadias = 3; /* the first offers of the table are hers */

    return demo_of(demo, 100) < 16 ? (size_t)demo_of(demo, nadias)
                                   : (size_t)demo_of(demo, demo->shown_n);
}

/* The currency of an offer's other price, as the founding numbered them; 0 = it has one only. */
static int64_t second_price(const struct demo_shown *shown)
{
    const struct demo_offer *offer = shown->offer;

    if (offer->money == NULL || offer->both)
        return 0;
    return offer->hours != NULL ? 2 : offer->credit != NULL ? 3 : 0;
}

static void new_order(struct demo *demo, int day)
{
    const size_t at = choose_shown(demo), buyer = choose_buyer(demo);
    const struct demo_shown *shown = &demo->shown[at];
    const int64_t moment = demo->start_ns + day * DEMO_DAY + 7 * ORDER_HOUR +
                           (int64_t)demo_of(demo, 13 * 3600) * ORDER_SECOND;
    const struct demo_order order = {.step = choose_script(demo),
                                     .at_ns = moment,
                                     .shown = at,
                                     .buyer = buyer,
                                     .pay_with = demo_of(demo, 2) == 0 ? 0 : second_price(shown),
                                     .chance = demo_chance(demo)};
    const bool client = (demo->people[buyer].roles & ROLE_MEMBER) == 0;

    if (shown->id == 0 || shown->at_ns > moment || buyer == shown->owner || !is_here(demo, buyer) ||
        (client && shown->offer->side == 'n'))
        return;
    start_order(demo, &order);
}

static struct demo_order *first_before(struct demo *demo, int64_t until)
{
    struct demo_order *first = NULL;

    for (size_t i = 0; i < demo->live_n; i++) {
        struct demo_order *order = &demo->live[i];

        if (order->step != NULL && order->at_ns < until &&
            (first == NULL || order->at_ns < first->at_ns))
            first = order;
    }
    return first;
}

static no play_until(struct demo *demo, int64_t until)
{
    for (;;) {
        struct demo_order *order = first_before(demo, until);

        if (order == NULL)
            break;
        TRY(next_step(demo, order));
    }
    demo_as_console(demo, until);
    const no answer = deed_clock_round(demo->ctx);

    demo_as_console(demo, until);
    return answer;
}

no demo_trade(struct demo *demo, int day)
{
    const int64_t morning = demo->start_ns + day * DEMO_DAY;
    const uint64_t orders = day < 3 ? 0 : 2 + (uint64_t)day / 40 + demo_of(demo, 3);

    for (uint64_t i = 0; i < orders; i++)
        new_order(demo, day);
    for (int64_t hour = 3; hour <= 24; hour += 3) {
        const int64_t until = morning + hour * ORDER_HOUR;

        TRY(play_until(demo, until < demo->end_ns ? until : demo->end_ns));
    }
    return YES;
}

/* --- what must be there: one order in each state for the people one signs in as --- */

static const struct demo_step till_asked[] = {{0, OPENS, ORDER_DO_REQUEST}, END};
static const struct demo_step till_countered[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {2, ANSWERS, ORDER_DO_COUNTER}, END};
static const struct demo_step till_accepted[] = {
    {0, OPENS, ORDER_DO_REQUEST}, {2, ANSWERS, ORDER_DO_ACCEPT}, END};
static const struct demo_step till_said[] = {{0, OPENS, ORDER_DO_REQUEST},
                                             {2, ANSWERS, ORDER_DO_ACCEPT},
                                             {1, OPENS, ORDER_DO_MESSAGE},
                                             {2, BUYS, ORDER_DO_PAY_SAID},
                                             END};
static const struct demo_step till_started[] = {
    {0, OPENS, ORDER_DO_REQUEST},     {2, ANSWERS, ORDER_DO_ACCEPT}, {2, BUYS, ORDER_DO_PAY_SAID},
    {1, PROVIDES, ORDER_DO_PAY_SEEN}, {3, PROVIDES, ORDER_DO_START}, END};
static const struct demo_step till_delivered[] = {
    {0, OPENS, ORDER_DO_REQUEST},     {2, ANSWERS, ORDER_DO_ACCEPT},   {2, BUYS, ORDER_DO_PAY_SAID},
    {1, PROVIDES, ORDER_DO_PAY_SEEN}, {3, PROVIDES, ORDER_DO_DELIVER}, END};
static const struct demo_step till_disputed[] = {
    {0, OPENS, ORDER_DO_REQUEST},    {2, ANSWERS, ORDER_DO_ACCEPT},
    {2, BUYS, ORDER_DO_PAY_SAID},    {1, PROVIDES, ORDER_DO_PAY_SEEN},
    {3, PROVIDES, ORDER_DO_DELIVER}, {2, BUYS, ORDER_DO_DISPUTE},
    {2, PROVIDES, ORDER_DO_MESSAGE}, {1, MEDIATES, MEDIATE},
    {1, MEDIATES, ORDER_DO_MESSAGE}, END};

static const struct {
    const char *buyer, *title; /* of the offer */
    const struct demo_step *script;
    int hours;        /* before the end */
    int64_t pay_with; /* 0 = the first price */
} certain[] = {
    {"ines", "Petit transport en vélo cargo, 150 kg", till_asked, 3, 0},
    {"camille", "Tournée de livraison pour commerces", till_asked, 5, 0},
    {"ines", "Ménage à domicile, trois heures", till_countered, 14, 0},
    {"ines", "Panier de légumes, 6 kg", till_accepted, 20, 0},
    {"yanis", "Petit transport en vélo cargo, 150 kg", till_accepted, 22, 0},
    {"ines", "Révision complète de vélo", till_said, 30, 0},
    {"paul", "Course urgente dans Lyon, moins de 5 kg", till_said, 26, 0},
    {"nadia", "Paire de rideaux sur mesure", till_started, 40, 0},
    {"ines", "Quatre bols en grès", till_delivered, 44, 0},
    {"sara", "Petit transport en vélo cargo, 150 kg", till_delivered, 46, 0},
    {"ines", "Plafond taché repris", till_disputed, 70, 0},
    {"nadia", "Cours de piano", till_asked, 8, 2},
    {"yanis", "Affiche pour votre événement", decided, 24 * 40, 0},
    {"ines", "Repas de fête, à partir de dix personnes", decided, 24 * 61, 0},
    {"ines", "Dépannage informatique", settled, 24 * 52, 0},
    {"nadia", "Descendre un piano droit de deux étages", till_asked, 12, 0},
};

static size_t shown_of(const struct demo *demo, const char *title)
{
    for (size_t i = 0; i < demo->shown_n; i++)
        if (strcmp(demo->shown[i].offer->title, title) == 0)
            return i;
    return demo->shown_n;
}

no demo_certain(struct demo *demo, int day)
{
    for (size_t i = 0; i < sizeof certain / sizeof certain[0]; i++) {
        const struct demo_order order = {.step = certain[i].script,
                                         .at_ns = demo->end_ns - certain[i].hours * ORDER_HOUR,
                                         .shown = shown_of(demo, certain[i].title),
                                         .buyer = demo_person_of(certain[i].buyer),
                                         .pay_with = certain[i].pay_with,
                                         .chance = 3 * i};

        if ((order.at_ns - demo->start_ns) / DEMO_DAY == day)
            start_order(demo, &order);
    }
    return YES;
}
