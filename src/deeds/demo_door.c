/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/demo_door.h"

#include "deeds/house.h"
#include "store/sql_people.h"

no view_demo_person(struct ctx *ctx, str who, int64_t *member)
{
    static const struct {
        const char *who;
        uint32_t has, lacks;
    } eyes[] = {
        {"courier", ROLE_MEMBER, ROLE_FACILITATOR | ROLE_ACCOUNTANT | ROLE_AUDITOR | ROLE_MEDIATOR},
        {"client", ROLE_CLIENT, ROLE_MEMBER},
        {"facilitator", ROLE_FACILITATOR, 0},
        {"accountant", ROLE_ACCOUNTANT, 0},
        {"auditor", ROLE_AUDITOR, 0},
    };

    if (ctx_house(ctx)->state != HOUSE_DEMONSTRATION)
        return NO_NOT_FOUND;
    for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++)
        if (str_eq(who, str_of(eyes[i].who)))
            return sql_demo_person(ctx->db, eyes[i].has, eyes[i].lacks, member);
    return NO_NOT_FOUND;
}
