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
    {HTTP_POST, "/account/security/revoke", HTTP_SIGNED_IN, 0, http_session_revoke,
     HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/revoke-others", HTTP_SIGNED_IN, 0, http_session_revoke_others,
     HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/password", HTTP_SIGNED_IN, 0, http_password_post,
     HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/account/security/totp", HTTP_SIGNED_IN, 0, http_totp_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/security/totp", HTTP_SIGNED_IN, 0, http_totp_post, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/account/security/email", HTTP_SIGNED_IN, 0, http_email_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/account/email/:token", HTTP_ANYONE, 0, http_email_link_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/account/email/:token", HTTP_ANYONE, 0, http_email_link_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/letters/off/:token", HTTP_ANYONE, 0, http_letters_off_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/letters/off/:token", HTTP_ANYONE, HTTP_CSRF_FREE, http_letters_off_post,
     HTTP_RATE_BY_METHOD},

    /* photo */
    {HTTP_GET, "/photo/:id/card.webp", HTTP_ANYONE, HTTP_PUBLIC_CACHE, http_photo_card, 0},
    {HTTP_GET, "/photo/:id/page.webp", HTTP_ANYONE, HTTP_PUBLIC_CACHE, http_photo_page, 0},
    {HTTP_GET, "/offer/:id/photos", HTTP_SIGNED_IN, 0, http_photo_offer, 0},
    {HTTP_POST, "/offer/:id/photos", HTTP_SIGNED_IN, HTTP_UPLOAD, http_photo_offer_do,
     HTTP_RATE_UPLOAD},
    {HTTP_POST, "/account/picture", HTTP_SIGNED_IN, HTTP_UPLOAD, http_photo_mine_do,
     HTTP_RATE_UPLOAD},
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

    /* orders */
    {HTTP_GET, "/offer/:id/ask", HTTP_ANYONE, 0, http_order_ask, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/offer/:id/ask", HTTP_ANYONE, 0, http_order_ask_do, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/orders", HTTP_SIGNED_IN, 0, http_orders, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/orders/:id", HTTP_SIGNED_IN, 0, http_order, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/orders/:id", HTTP_SIGNED_IN, 0, http_order_act, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/orders/:id/pay", HTTP_SIGNED_IN, 0, http_order_pay, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/orders/:id/receipt", HTTP_SIGNED_IN, 0, http_order_receipt, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/orders/:id/problem", HTTP_SIGNED_IN, 0, http_order_problem, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/orders/:id/problem", HTTP_SIGNED_IN, 0, http_order_problem_do,
     HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/orders/:id/review", HTTP_SIGNED_IN, 0, http_order_review, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/orders/:id/mediate", ROLE_MEDIATOR, 0, http_order_mediate, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/desk/mediation", ROLE_MEDIATOR | ROLE_FACILITATOR, 0, http_mediations,
     HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/day", HTTP_SIGNED_IN, 0, http_day, HTTP_RATE_BY_METHOD},
    /* found */
    {HTTP_GET, "/found", HTTP_ANYONE, 0, http_found, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/found/left", HTTP_ANYONE, 0, http_found_left, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/found/:token", HTTP_ANYONE, 0, http_found_link_get, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/found/:token", HTTP_ANYONE, 0, http_found_link_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/found/step/:n", HTTP_ANYONE, 0, http_found_step_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/found/step/:n", HTTP_ANYONE, 0, http_found_step_post, HTTP_RATE_BY_METHOD},

    /* members */
    {HTTP_GET, "/join", HTTP_ANYONE, 0, http_join_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/join", HTTP_ANYONE, 0, http_join_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/join/asked", HTTP_ANYONE, 0, http_join_asked, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/join/:token", HTTP_ANYONE, 0, http_invited_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/join/:token", HTTP_ANYONE, 0, http_invited_post, HTTP_RATE_SIGN_IN},
    {HTTP_GET, "/people", HTTP_ANYONE, 0, http_people, HTTP_RATE_SEARCH},
    {HTTP_GET, "/@:handle", HTTP_ANYONE, 0, http_profile, HTTP_RATE_BY_METHOD},

    /* desk */
    {HTTP_GET, "/desk", ROLE_FACILITATOR | ROLE_MEDIATOR, 0, http_desk, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/desk/members", ROLE_FACILITATOR, 0, http_register, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/desk/members/:id", ROLE_FACILITATOR, 0, http_person, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/members/:id/admit", ROLE_FACILITATOR, 0, http_admit, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/members/:id/refuse", ROLE_FACILITATOR, 0, http_refuse, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/members/:id/roles", ROLE_FACILITATOR, 0, http_roles, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/desk/invite", ROLE_FACILITATOR, 0, http_invite_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/invite", ROLE_FACILITATOR, 0, http_invite_post, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/letters/:id", ROLE_FACILITATOR, 0, http_letter_again, HTTP_RATE_BY_METHOD},

    /* import */
    {HTTP_GET, "/desk/import", ROLE_FACILITATOR, 0, http_import_get, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/desk/import", ROLE_FACILITATOR, HTTP_UPLOAD, http_import_post, HTTP_RATE_UPLOAD},
    {HTTP_GET, "/desk/import/:file", ROLE_FACILITATOR, HTTP_SLOW, http_import_look,
     HTTP_RATE_UPLOAD},
    {HTTP_POST, "/desk/import/:file", ROLE_FACILITATOR, 0, http_import_bring, HTTP_RATE_UPLOAD},

    /* about */
    {HTTP_GET, "/about", HTTP_ANYONE, 0, http_about, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/about/accessibility", HTTP_ANYONE, 0, http_accessibility, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/about/licences", HTTP_ANYONE, 0, http_licences, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/help", HTTP_ANYONE, 0, http_help, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/demo", HTTP_ANYONE, 0, http_demo, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/demo/as/:who", HTTP_ANYONE, 0, http_demo_as, HTTP_RATE_SIGN_IN},

    {.pattern = NULL},
};
