/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the members decided, number by number, and by which vote; durations that nobody decided yet
 * are the house's.
 */
#include "doors/http/rules.h"

#include "doors/http/money.h"
#include "doors/http/rooms.h"
#include "pages/page_rules.h"

enum { GROUPS = 6 };

enum lang_key rules_form_key(str legal_form)
{
    return str_eq(legal_form, S("scic"))          ? T_rules_scic
           : str_eq(legal_form, S("scop"))        ? T_rules_scop
           : str_eq(legal_form, S("coop47"))      ? T_rules_coop47
           : str_eq(legal_form, S("association")) ? T_rules_association
                                                  : T_rules_other;
}

/* --- one rule in words ---------------------------------------------------------------------------
 */

static str of_unit(struct http_req *req, enum lang_key key, const struct rule *rule)
{
    return money_words(
        req, key,
        (struct money_value[]){{"unit", rule->unit->name[req->ctx.lang]}, {NULL, STR_NONE}});
}

str rules_name(struct http_req *req, const struct rule *rule)
{
    static const struct {
        const char *name;
        enum lang_key key;
    } names[] = {
        {"order.accept_hours", T_rules_accept_hours},
        {"order.pay_hours", T_rules_pay_hours},
        {"order.confirm_hours", T_rules_confirm_hours},
        {"order.dispute_days", T_rules_dispute_days},
        {"order.panel_days", T_rules_panel_days},
        {"share.value", T_rules_share_value},
        {"share.least", T_rules_share_least},
        {"quorum.percent", T_rules_quorum},
    };

    if (rule->unit != NULL)
        switch (rule->what) {
        case RULE_FEE_RUNNING:
            return of_unit(req, T_rules_fee_running, rule);
        case RULE_FEE_RESERVE:
            return of_unit(req, T_rules_fee_reserve, rule);
        case RULE_FEE_SOLIDARITY:
            return of_unit(req, T_rules_fee_solidarity, rule);
        case RULE_FLOOR:
            return of_unit(req, T_rules_limit_floor, rule);
        case RULE_CEILING:
            return of_unit(req, T_rules_limit_ceiling, rule);
        case RULE_WAIT_ABOVE:
            return of_unit(req, T_rules_wait_above, rule);
        case RULE_OTHER:
            break;
        }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(rule->name, str_of(names[i].name)))
            return frame_text(req, names[i].key);
    /* "college.workers." is called by what stands in its middle. */
    const size_t dot = str_find_char(rule->name, '.');
    const str rest = str_sub(rule->name, dot + 1, rule->name.len);

    return rest.len == 0 ? rule->name : str_sub(rest, 0, str_find_char(rest, '.'));
}

static str percent(struct http_req *req, int64_t basis_points)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 16);
    buf_put_int(&out, basis_points / 100);
    const int rest = (int)(basis_points % 100);

    if (rest != 0)
        buf_printf(&out, rest % 10 == 0 ? "%c%01d" : "%c%02d", req->ctx.lang == LANG_FR ? ',' : '.',
                   rest % 10 == 0 ? rest / 10 : rest);
    return money_words(req, T_money_percent,
                       (struct money_value[]){{"n", buf_str(&out)}, {NULL, STR_NONE}});
}

static str count(struct http_req *req, enum lang_key key, int64_t n)
{
    return money_words(req, key,
                       (struct money_value[]){{"n", frame_digits(req, n)}, {NULL, STR_NONE}});
}

str rules_value(struct http_req *req, const struct rule *rule)
{
    const struct house *house = ctx_house(&req->ctx);

    if (rule->unit != NULL)
        return rule->what == RULE_FLOOR || rule->what == RULE_CEILING ||
                       rule->what == RULE_WAIT_ABOVE
                   ? money_amount(req, (money){rule->value, rule->unit->unit})
                   : percent(req, rule->value);
    if (str_ends(rule->name, S("_hours")))
        return count(req, T_rules_hours, rule->value);
    if (str_ends(rule->name, S("_days")))
        return count(req, T_rules_days, rule->value);
    if (str_eq(rule->name, S("share.value")) && house->units_n > 0)
        return money_amount(req, (money){rule->value, house->units[0].unit});
    if (str_starts(rule->name, S("quorum.")) || str_starts(rule->name, S("college.")))
        return percent(req, rule->value * 100);
    return frame_digits(req, rule->value);
}

static str decided_of(struct http_req *req, const struct rule *rule)
{
    if (!rule->decided)
        return frame_text(req, T_rules_not_decided);
    return money_words(req, rule->decided_by == 0 ? T_rules_by_founding : T_rules_by_vote,
                       (struct money_value[]){{"n", frame_digits(req, rule->decided_by)},
                                              {"day", frame_date(req, rule->set_ns)},
                                              {NULL, STR_NONE}});
}

/* --- the page ------------------------------------------------------------------------------------
 */

static const struct {
    const char *prefix; /* of the rules' names; NULL: all that no other has */
    enum lang_key name;
} groups[GROUPS] = {
    {"fee", T_rules_group_fee},         {"limit", T_rules_group_limit},
    {"order", T_rules_group_order},     {"share", T_rules_group_share},
    {"college", T_rules_group_college}, {NULL, T_rules_group_other},
};

/* Which group: the quorum stands with the shares. */
static size_t group_of(str name)
{
    const str room = str_sub(name, 0, str_find_char(name, '.'));

    for (size_t i = 0; i + 1 < GROUPS; i++)
        if (str_eq(room, str_of(groups[i].prefix)))
            return i;
    return str_eq(room, S("quorum")) ? 3 : GROUPS - 1;
}

static no fill_groups(struct http_req *req, struct rules_page *view)
{
    const struct rule *rules;
    size_t rules_n;

    TRY(view_rules(&req->ctx, &rules, &rules_n));
    struct rule_group *list = arena_take_many(req->ctx.arena, GROUPS, sizeof *list);
    struct rule_row *rows = arena_take_many(req->ctx.arena, rules_n, sizeof *rows);
    size_t used = 0;

    if (list == NULL || rows == NULL)
        return NO_TOO_LARGE;
    for (size_t g = 0; g < GROUPS; g++) {
        struct rule_group *group = &list[view->groups_n];

        *group = (struct rule_group){.id = groups[g].prefix == NULL ? S("other")
                                                                    : str_of(groups[g].prefix),
                                     .name = frame_text(req, groups[g].name),
                                     .rows = &rows[used]};
        for (size_t i = 0; i < rules_n; i++)
            if (group_of(rules[i].name) == g) {
                rows[used++] =
                    (struct rule_row){rules_name(req, &rules[i]), rules_value(req, &rules[i]),
                                      decided_of(req, &rules[i])};
                group->rows_n++;
            }
        view->groups_n += group->rows_n > 0;
    }
    view->groups = list;
    return YES;
}

no http_rules(struct http_req *req)
{
    const struct house *house = ctx_house(&req->ctx);
    struct rules_page view = {.title = frame_text(req, T_rules_title)};
    struct page page;
    struct buf out;

    if (house->state == HOUSE_FOUNDING)
        return NO_NOT_FOUNDED;
    view.legal_form = frame_text(req, rules_form_key(house->legal_form));
    view.founded = frame_date(req, house->founded_ns);
    TRY(fill_groups(req, &view));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_rules_page(&out, &page, &view);
    return http_html(req, 200, &out);
}
