/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every handler of every room, one line each, in the order of route.c:
 * `http_handler http_ROOM_VERB;`
 */
#ifndef DOORS_HTTP_ROOMS_H
#define DOORS_HTTP_ROOMS_H

#include "doors/http/http.h"

typedef no http_handler(struct http_req *req);

/* login, account, security: signing in, and one's own room */
http_handler http_login_get, http_login_mail, http_login_sent, http_login_post, http_login_code, http_login_link_get,
    http_login_link_post, http_login_again, http_logout;
http_handler http_account, http_profile_get, http_profile_post, http_notices_get, http_notices_post, http_display_get,
    http_display_post, http_export, http_leave_get, http_leave_post;
http_handler http_security_get, http_session_revoke, http_session_revoke_others, http_password_post, http_totp_get,
    http_totp_post, http_email_post, http_email_link_get, http_email_link_post;
http_handler http_letters_off_get, http_letters_off_post;

/* photo: pictures of offers and people */
http_handler http_photo_card, http_photo_page, http_photo_offer, http_photo_offer_do, http_photo_mine_do;

/* market: searching, offers and needs */
http_handler http_home, http_market, http_needs;
http_handler http_offer, http_offer_status, http_offers_mine, http_offer_new_get, http_offer_new_post,
    http_need_new_get, http_need_new_post, http_offer_edit_get, http_offer_edit_post;

#endif
