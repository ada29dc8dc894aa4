/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/asset.h"

const struct asset *asset_find(str name)
{
    size_t low = 0, high = asset_table_n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = str_cmp(name, asset_table[middle].name);

        if (order == 0)
            return &asset_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct asset *asset_find_hashed(str hash12, str name)
{
    const struct asset *asset = asset_find(name);

    return asset != NULL && str_eq(asset->hash12, hash12) ? asset : NULL;
}

const struct asset *asset_at(size_t i)
{
    return i < asset_table_n ? &asset_table[i] : NULL;
}

url asset_url(str name)
{
    const struct asset *asset = asset_find(name);

    return (url){asset == NULL ? S("/a/unknown") : asset->path};
}
