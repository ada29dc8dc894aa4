/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/rules.h"

#include "rules/order.h"
#include "store/sql_coop.h"

/* "fee.EUR.running_bp": which currency, and what of it. */
static void understand(struct ctx *ctx, struct rule *rule)
{
    static const struct {
        const char *room, *what;
        enum rule_what means;
    } words[] = {{"fee", "running_bp", RULE_FEE_RUNNING},
                 {"fee", "reserve_bp", RULE_FEE_RESERVE},
                 {"fee", "solidarity_bp", RULE_FEE_SOLIDARITY},
                 {"limit", "floor", RULE_FLOOR},
                 {"limit", "ceiling", RULE_CEILING}};
    static const char wait[] = "register.wait_above.";
    str room, rest, code, what;

    if (str_starts(rule->name, S("register.wait_above."))) {
        code = str_sub(rule->name, sizeof wait - 1, rule->name.len);
        rule->unit = house_unit_by_code(ctx_house(ctx), code);
        rule->what = RULE_WAIT_ABOVE;
        return;
    }
    if (!str_cut(rule->name, '.', &room, &rest) || !str_cut(rest, '.', &code, &what))
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq(room, str_of(words[i].room)) && str_eq(what, str_of(words[i].what))) {
            rule->unit = house_unit_by_code(ctx_house(ctx), code);
            rule->what = words[i].means;
        }
}

struct rule rule_of(struct ctx *ctx, str name, int64_t value)
{
    struct rule rule = {.name = name, .value = value};

    understand(ctx, &rule);
    return rule;
}

static bool is_known(const struct rule *rules, size_t rules_n, str name)
{
    for (size_t i = 0; i < rules_n; i++)
        if (str_eq(rules[i].name, name))
            return true;
    return false;
}

/* Durations that orders take when the members decided nothing. */
static size_t add_usual(struct rule *rules, size_t rules_n)
{
    struct order_terms terms;

    order_terms_default(&terms, ORDER_SERVICE, ORDER_MODERATE);
    const struct {
        str name;
        int64_t value;
    } usual[] = {{S("order.accept_hours"), terms.accept_ttl / ORDER_HOUR},
                 {S("order.pay_hours"), terms.pay_ttl / ORDER_HOUR},
                 {S("order.confirm_hours"), terms.confirm_silence / ORDER_HOUR},
                 {S("order.dispute_days"), terms.dispute_window / ORDER_DAY},
                 {S("order.panel_days"), terms.panel_ttl / ORDER_DAY}};
    const size_t decided_n = rules_n;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (!is_known(rules, decided_n, usual[i].name))
            rules[rules_n++] = (struct rule){.name = usual[i].name, .value = usual[i].value};
    return rules_n;
}

no view_rules(struct ctx *ctx, const struct rule **out, size_t *out_n)
{
    enum { USUAL_MAX = 8 };
    struct sql_param *params;
    size_t n;

    TRY(sql_param_list(ctx->db, ctx->arena, &params, &n));
    struct rule *rules = arena_take_many(ctx->arena, n + USUAL_MAX, sizeof *rules);

    if (rules == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++) {
        rules[i] = (struct rule){.name = params[i].name,
                                 .value = params[i].value,
                                 .decided = true,
                                 .decided_by = params[i].decided_by,
                                 .set_ns = params[i].set_ns};
        understand(ctx, &rules[i]);
    }
    *out = rules;
    *out_n = add_usual(rules, n);
    return YES;
}
