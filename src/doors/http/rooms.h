/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every handler of every room, one line each, in the order of route.c:
 * `http_handler http_ROOM_VERB;`
 */
#ifndef DOORS_HTTP_ROOMS_H
#define DOORS_HTTP_ROOMS_H

#include "doors/http/http.h"

typedef no http_handler(struct http_req *req);

/* photo */
http_handler http_photo_card, http_photo_page, http_photo_offer, http_photo_offer_do;
http_handler http_photo_mine_do;

/* login, account, security: signing in, and one's own room */
http_handler http_login_get, http_login_mail, http_login_sent, http_login_post, http_login_code,
    http_login_link_get, http_login_link_post, http_login_again, http_logout;
http_handler http_account, http_profile_get, http_profile_post, http_notices_get, http_notices_post,
    http_display_get, http_display_post, http_export, http_leave_get, http_leave_post;
http_handler http_security_get, http_session_revoke, http_session_revoke_others, http_password_post,
    http_totp_get, http_totp_post, http_email_post, http_email_link_get, http_email_link_post;
http_handler http_letters_off_get, http_letters_off_post;

/* market: searching, offers and needs */
http_handler http_home, http_market, http_needs;
http_handler http_offer, http_offer_status, http_offers_mine, http_offer_new_get,
    http_offer_new_post, http_need_new_get, http_need_new_post, http_offer_edit_get,
    http_offer_edit_post;

/* found: the founding wizard */
http_handler http_found, http_found_left, http_found_link_get, http_found_link_post;
http_handler http_found_step_get, http_found_step_post;

/* members: joining, people, the desk */
http_handler http_join_get, http_join_post, http_join_asked, http_invited_get, http_invited_post;
http_handler http_people, http_profile;
http_handler http_desk, http_register, http_person, http_admit, http_refuse, http_roles,
    http_code_off;
http_handler http_invite_get, http_invite_post, http_letter_again;

/* about */
http_handler http_about, http_accessibility, http_licences, http_help, http_demo, http_demo_as;

/* order: asking, one's orders, paying, mediation */
http_handler http_order_ask, http_order_ask_do, http_orders, http_order, http_order_act,
    http_order_mediate, http_order_review, http_order_problem, http_order_problem_do,
    http_order_pay, http_order_receipt, http_mediations, http_day;

/* import: files of other platforms, tried out and brought in */
http_handler http_import_get, http_import_post, http_import_look, http_import_bring;

/* money: where each euro goes, statements, sending, the books, the rules */
http_handler http_money, http_money_line, http_money_line_csv, http_money_journal_csv;
http_handler http_statement, http_statement_csv, http_send_get, http_send_post;
http_handler http_books, http_books_csv, http_books_journal, http_books_journal_csv;
http_handler http_books_entry, http_books_reverse;
http_handler http_rules;

/* proof: the register, its receipts, checking them, the auditor's desk */
http_handler http_proof, http_proof_entry, http_proof_entry_json, http_proof_receipt,
    http_proof_file, http_proof_verify_get, http_proof_verify_post;
http_handler http_desk_register, http_attestation, http_attestation_text;

/* register: its public files, and this co-op as a witness of others */
http_handler http_log_checkpoint, http_log_checkpoints, http_log_tile, http_log_vkey,
    http_log_policy;
http_handler http_witness_add, http_witness_checkpoint;

#endif
