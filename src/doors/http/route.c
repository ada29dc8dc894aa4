/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The one table: method, path, who may, flags, handler. Paths are written without language; /fr and
 * /en stand before each. A form is GET (show it) and POST (do it) on the same path; POST answers
 * with a redirect or with the form and status 422.
 */
#include "doors/http/rooms.h"

const struct http_route http_routes[] = {
    /* login, account, security */
    {HTTP_GET, "/login", HTTP_ANYONE, 0, http_login_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/login", HTTP_ANYONE, 0, http_login_post, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/login/mail", HTTP_ANYONE, 0, http_login_mail, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/login/sent", HTTP_ANYONE, 0, http_login_sent, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/login/code", HTTP_ANYONE, 0, http_login_code, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/login/again", HTTP_SIGNED_IN, 0, http_login_again, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/login/link/:token", HTTP_ANYONE, 0, http_login_link_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/login/link/:token", HTTP_ANYONE, 0, http_login_link_post, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/logout", HTTP_ANYONE, 0, http_logout, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account", HTTP_SIGNED_IN, HTTP_SLOW, http_account, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/profile", HTTP_SIGNED_IN, 0, http_profile_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/profile", HTTP_SIGNED_IN, 0, http_profile_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/notices", HTTP_SIGNED_IN, 0, http_notices_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/notices", HTTP_SIGNED_IN, 0, http_notices_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/display", HTTP_ANYONE, 0, http_display_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/display", HTTP_ANYONE, 0, http_display_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/export", HTTP_SIGNED_IN, HTTP_SLOW, http_export, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/leave", HTTP_SIGNED_IN, 0, http_leave_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/leave", HTTP_SIGNED_IN, 0, http_leave_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/security", HTTP_SIGNED_IN, 0, http_security_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/revoke", HTTP_SIGNED_IN, 0, http_session_revoke, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/revoke-others", HTTP_SIGNED_IN, 0, http_session_revoke_others, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/password", HTTP_SIGNED_IN, 0, http_password_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/security/totp", HTTP_SIGNED_IN, 0, http_totp_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/totp", HTTP_SIGNED_IN, 0, http_totp_post, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/account/security/email", HTTP_SIGNED_IN, 0, http_email_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/account/email/:token", HTTP_ANYONE, 0, http_email_link_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/email/:token", HTTP_ANYONE, 0, http_email_link_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/letters/off/:token", HTTP_ANYONE, 0, http_letters_off_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/letters/off/:token", HTTP_ANYONE, HTTP_CSRF_FREE, http_letters_off_post, HTTP_RATE_BY_METHOD},

    /* photo */
    {HTTP_GET, "/photo/:id/card.webp", HTTP_ANYONE, HTTP_PUBLIC_CACHE, http_photo_card, 0},
    {HTTP_GET, "/photo/:id/page.webp", HTTP_ANYONE, HTTP_PUBLIC_CACHE, http_photo_page, 0},
    {HTTP_GET, "/offer/:id/photos", HTTP_SIGNED_IN, 0, http_photo_offer, 0},
    {HTTP_POST, "/offer/:id/photos", HTTP_SIGNED_IN, HTTP_UPLOAD, http_photo_offer_do, HTTP_RATE_UPLOAD},
    {HTTP_POST, "/account/picture", HTTP_SIGNED_IN, HTTP_UPLOAD, http_photo_mine_do, HTTP_RATE_UPLOAD},

    /* market */
    {HTTP_GET, "/", HTTP_ANYONE, 0, http_home, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/market", HTTP_ANYONE, 0, http_market, HTTP_RATE_SEARCH},
    {HTTP_GET, "/needs", HTTP_ANYONE, 0, http_needs, HTTP_RATE_SEARCH},
    {HTTP_GET, "/needs/new", HTTP_SIGNED_IN, 0, http_need_new_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/needs/new", HTTP_SIGNED_IN, 0, http_need_new_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/offers/new", HTTP_MEMBER, 0, http_offer_new_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/offers/new", HTTP_MEMBER, 0, http_offer_new_post, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/offer/:id", HTTP_ANYONE, 0, http_offer, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/offer/:id/edit", HTTP_SIGNED_IN, 0, http_offer_edit_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/offer/:id/edit", HTTP_SIGNED_IN, 0, http_offer_edit_post, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/offer/:id/status", HTTP_SIGNED_IN, 0, http_offer_status, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/offers", HTTP_SIGNED_IN, 0, http_offers_mine, HTTP_RATE_BY_METHOD},

    {.pattern = NULL},
};
