/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The sealed envelope with two sides.
 */
#include "rules/review.h"

#include "base/utf8.h"

/* The side of a member; false for anybody else. */
static bool side_of(const struct review_facts *facts, int64_t member, enum review_side *side)
{
    if (member == 0 || (member != facts->buyer && member != facts->provider))
        return false;
    *side = member == facts->buyer ? REVIEW_BY_BUYER : REVIEW_BY_PROVIDER;
    return true;
}

static enum review_side other_side(enum review_side side)
{
    return side == REVIEW_BY_BUYER ? REVIEW_BY_PROVIDER : REVIEW_BY_BUYER;
}

/* Everything but what is written. */
static no may_write(const struct review_facts *facts, int64_t member, int64_t now_ns,
                    enum review_side *side)
{
    if (facts->state != ORDER_COMPLETED &&
        (facts->state != ORDER_CANCELLED || !facts->was_accepted))
        return NO_ORDER_NOT_IN_STATE;
    if (!side_of(facts, member, side))
        return NO_ORDER_NOT_YOURS;
    if (facts->written_ns[*side] != 0)
        return NO_ALREADY_REVIEWED;
    return now_ns >= facts->ended_ns + REVIEW_WINDOW_NS ? NO_TOO_LATE : YES;
}

no review_plan(struct review_plan *plan, const struct review_facts *facts,
               const struct review_act *act)
{
    enum review_side side = REVIEW_BY_BUYER;

    TRY(may_write(facts, act->member, act->now_ns, &side));
    if (act->stars < REVIEW_STARS_MIN || act->stars > REVIEW_STARS_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    if (!utf8_valid(act->text))
        return NO_FIELD_NOT_UTF8;
    if (!utf8_clean(act->text, true))
        return NO_FIELD_CONTROL_CHARS;
    if (utf8_count(act->text) > REVIEW_TEXT_MAX)
        return NO_FIELD_TOO_LONG;
    *plan = (struct review_plan){.side = side,
                                 .about = side == REVIEW_BY_BUYER ? facts->provider : facts->buyer,
                                 .publish_now = facts->written_ns[other_side(side)] != 0,
                                 .publish_ns = facts->ended_ns + REVIEW_WINDOW_NS};
    return YES;
}

bool review_is_open(const struct review_facts *facts, enum review_side side, int64_t now_ns)
{
    if (facts->written_ns[side] == 0)
        return false;
    return facts->written_ns[other_side(side)] != 0 || now_ns >= facts->ended_ns + REVIEW_WINDOW_NS;
}

bool review_is_possible(const struct review_facts *facts, int64_t member, int64_t now_ns)
{
    enum review_side side;

    return may_write(facts, member, now_ns, &side) == YES;
}

int32_t review_mean_centi(int64_t sum, int64_t count)
{
    return count <= 0 ? 0 : (int32_t)((sum * 200 + count) / (2 * count));
}
