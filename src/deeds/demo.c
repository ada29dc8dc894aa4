/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/demo.h"

#include "deeds/house.h"
#include "deeds/offer_index.h"
#include "rules/geo.h"
#include "store/sql_demo.h"
#include "store/sql_offer.h"

static bool may_make(const struct ctx *ctx)
{
    return ctx->actor.console && ctx_house(ctx)->state == HOUSE_DEMONSTRATION;
}

static no quiet(struct ctx *ctx, void *form)
{
    (void)form;
    return may_make(ctx) ? sql_demo_letters_sent(ctx->db, ctx->now_ns) : NO_NOT_ALLOWED;
}

no deed_demo_quiet(struct ctx *ctx)
{
    return deed_run(ctx, quiet, NULL);
}

static no move(struct ctx *ctx, void *spot_)
{
    const struct demo_spot *spot = spot_;
    struct sql_offer offer;

    if (!may_make(ctx))
        return NO_NOT_ALLOWED;
    TRY(sql_offer_get(ctx->db, ctx->arena, spot->offer, &offer));
    int32_t lat = (int32_t)offer.lat + spot->lat, lon = (int32_t)offer.lon + spot->lon;

    if (!geo_is_valid(lat, lon))
        return NO_FIELD_OUT_OF_RANGE;
    geo_round_300m(&lat, &lon);
    TRY(sql_demo_offer_spot(ctx->db, offer.id, lat, lon, geo_cell(lat, lon)));
    return offer_index(ctx, offer.id);
}

no deed_demo_spot(struct ctx *ctx, struct demo_spot *spot)
{
    return deed_run(ctx, move, spot);
}
