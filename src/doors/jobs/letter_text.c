/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/letter_text.h"

#include "deeds/house.h"
#include "deeds/letter_off.h"
#include "pages/lang.h"
#include "rules/order.h"

enum { WORDS_MAX = 8, VALUE_MAX = 400 };

/* --- filling ---------------------------------------------------------------------------------- */

static void put_value(struct buf *out, str value)
{
    for (size_t i = 0; i < value.len; i++)
        buf_put_char(out, (unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f ? ' '
                                                                                    : value.ptr[i]);
}

static const struct letter_word *find_word(str name, const struct letter_word *words,
                                           size_t words_n)
{
    for (size_t i = 0; i < words_n; i++)
        if (str_eq(name, str_of(words[i].name)))
            return &words[i];
    return NULL;
}

void letter_fill(struct buf *out, str text, const struct letter_word *words, size_t words_n)
{
    while (text.len > 0) {
        const size_t open = str_find_char(text, '{');
        const str rest = str_sub(text, open, text.len);
        const size_t close = str_find_char(rest, '}');

        buf_put(out, str_sub(text, 0, open));
        if (close == rest.len) {
            buf_put(out, rest);
            return;
        }
        const struct letter_word *word = find_word(str_sub(rest, 1, close - 1), words, words_n);

        if (word != NULL)
            put_value(out, word->value);
        else
            buf_put(out, str_sub(rest, 0, close + 1));
        text = str_sub(rest, close + 1, rest.len);
    }
}

/* --- what each kind says --------------------------------------------------------------------- */

/* `path` is where its button would lead: {secret} and {ref} are filled in. Nothing: no link. */
struct letter_kind_words {
    enum lang_key subject, text, after;
    const char *path;
};

static const struct letter_kind_words kinds[] = {
    [LETTER_SIGN_IN] = {T_letter_sign_in_subject, T_letter_sign_in_text, T_letter_sign_in_after,
                        "login/link/{secret}"},
    [LETTER_INVITE] = {T_letter_invite_subject, T_letter_invite_text, T_letter_invite_after,
                       "join/{secret}"},
    [LETTER_ASKED] = {T_letter_asked_subject, T_letter_asked_text, T_letter_none, "login?to=/desk"},
    [LETTER_ADMITTED] = {T_letter_admitted_subject, T_letter_admitted_text, T_letter_none, "login"},
    [LETTER_REFUSED] = {T_letter_refused_subject, T_letter_refused_text, T_letter_refused_after,
                        NULL},
    [LETTER_ORDER] = {T_letter_order_subject, T_letter_order_text, T_letter_order_after,
                      "login?to=/orders/{ref}"},
    [LETTER_GUEST_ORDER] = {T_letter_guest_subject, T_letter_guest_text, T_letter_guest_after,
                            "login/link/{secret}"},
    [LETTER_NEW_EMAIL] = {T_letter_email_subject, T_letter_email_text, T_letter_email_after,
                          "account/email/{secret}"},
    [LETTER_FOUNDER] = {T_letter_founder_subject, T_letter_founder_text, T_letter_none,
                        "login/link/{secret}"},
    [LETTER_LEFT] = {T_letter_left_subject, T_letter_left_text, T_letter_none, NULL},
    [LETTER_SECURITY] = {T_letter_security_subject, T_letter_security_text, T_letter_security_after,
                         "login?to=/account/security"},
};

static enum lang_key order_key(int64_t notice)
{
    static const enum lang_key keys[ORDER_TELLS] = {
        [ORDER_TELL_NOTHING] = T_letter_order_moved,
        [ORDER_TELL_REQUESTED] = T_letter_order_requested,
        [ORDER_TELL_COUNTERED] = T_letter_order_countered,
        [ORDER_TELL_ACCEPTED] = T_letter_order_accepted,
        [ORDER_TELL_DECLINED] = T_letter_order_declined,
        [ORDER_TELL_WITHDRAWN] = T_letter_order_withdrawn,
        [ORDER_TELL_EXPIRED] = T_letter_order_expired,
        [ORDER_TELL_CANCELLED] = T_letter_order_cancelled,
        [ORDER_TELL_PAID] = T_letter_order_paid,
        [ORDER_TELL_PAY_SEEN] = T_letter_order_pay_seen,
        [ORDER_TELL_STARTED] = T_letter_order_started,
        [ORDER_TELL_NO_SHOW] = T_letter_order_no_show,
        [ORDER_TELL_OVERDUE] = T_letter_order_overdue,
        [ORDER_TELL_DELIVERED] = T_letter_order_delivered,
        [ORDER_TELL_COMPLETED] = T_letter_order_completed,
        [ORDER_TELL_DISPUTED] = T_letter_order_disputed,
        [ORDER_TELL_PROPOSED] = T_letter_order_proposed,
        [ORDER_TELL_DECIDED] = T_letter_order_decided,
        [ORDER_TELL_REFUNDED] = T_letter_order_refunded,
        [ORDER_TELL_MESSAGE] = T_letter_order_message,
    };

    return notice > 0 && notice < ORDER_TELLS ? keys[notice] : T_letter_order_moved;
}

static enum lang_key security_key(int64_t what)
{
    switch (what) {
    case LETTER_SECURITY_PASSWORD:
        return T_letter_security_password;
    case LETTER_SECURITY_NO_PASSWORD:
        return T_letter_security_no_password;
    case LETTER_SECURITY_TOTP:
        return T_letter_security_totp;
    case LETTER_SECURITY_NO_TOTP:
        return T_letter_security_no_totp;
    case LETTER_SECURITY_EMAIL:
        return T_letter_security_email;
    case LETTER_SECURITY_TOTP_TAKEN:
        return T_letter_security_totp_taken;
    default:
        return T_letter_security_sessions;
    }
}

static const struct letter_kind_words *words_of_kind(enum letter_kind kind)
{
    const size_t n = sizeof kinds / sizeof kinds[0];

    return (size_t)kind < n && kind != 0 ? &kinds[kind] : &kinds[LETTER_SECURITY];
}

static str what_of(const struct letter *letter, enum lang lang)
{
    if (letter->kind == LETTER_ORDER)
        return lang_text(lang, order_key(letter->arg));
    return letter->kind == LETTER_SECURITY ? lang_text(lang, security_key(letter->arg)) : S("");
}

/* --- the letter ------------------------------------------------------------------------------ */

static void put_paragraph(struct buf *body, str text, const struct letter_word *words)
{
    if (text.len == 0)
        return;
    letter_fill(body, text, words, WORDS_MAX);
    buf_put(body, S("\n\n"));
}

static void put_address(struct buf *body, str origin, enum lang lang, const char *path,
                        const struct letter_word *words)
{
    buf_put(body, origin);
    buf_put(body, lang == LANG_FR ? S("/fr/") : S("/en/"));
    letter_fill(body, str_of(path), words, WORDS_MAX);
}

/* The page of the entry asks who reads it, and shows the rest to whom it concerns. */
static void put_receipt(struct buf *body, str origin, const struct letter_facts *facts,
                        const struct letter_word *words)
{
    if (facts->receipt < 0)
        return;
    buf_put(body, lang_text(facts->lang, T_letter_receipt));
    buf_put_char(body, '\n');
    put_address(body, origin, facts->lang, "login?to=/proof/", words);
    buf_put_int(body, facts->receipt);
    buf_put(body, S("\n\n"));
}

static void put_unsubscribe(struct ctx *ctx, const struct letter *letter,
                            const struct letter_facts *facts, str origin, struct buf *out)
{
    const struct letter_off off = {letter->member, (enum account_notice)facts->notice};

    if (facts->notice == 0 || letter->member == 0)
        return;
    buf_put(out, origin);
    buf_put(out, facts->lang == LANG_FR ? S("/fr/letters/off/") : S("/en/letters/off/"));
    letter_off_put(ctx, out, &off);
}

/* Long titles are cut: a subject is for finding the letter again. */
static str short_of(str text)
{
    size_t len = text.len < VALUE_MAX ? text.len : VALUE_MAX;

    while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    return str_sub(text, 0, len);
}

void letter_write(struct ctx *ctx, const struct letter *letter, const struct letter_facts *facts,
                  str origin, struct buf *subject, struct buf *body, struct buf *unsubscribe)
{
    const struct letter_kind_words *kind = words_of_kind(letter->kind);
    const enum lang lang = facts->lang;
    struct buf ref;

    buf_init(&ref, ctx->arena, 24);
    buf_put_int(&ref, letter->ref);
    const struct letter_word words[WORDS_MAX] = {
        {"coop", ctx_house(ctx)->name},  {"name", facts->name},
        {"other", facts->other},         {"title", short_of(facts->title)},
        {"reference", facts->reference}, {"what", what_of(letter, lang)},
        {"secret", letter->secret},      {"ref", buf_str(&ref)},
    };

    letter_fill(subject, lang_text(lang, kind->subject), words, WORDS_MAX);
    put_paragraph(body, lang_text(lang, facts->name.len > 0 ? T_letter_hello : T_letter_hello_all),
                  words);
    put_paragraph(body, lang_text(lang, kind->text), words);
    if (facts->reason.len > 0)
        put_paragraph(body, facts->reason, words);
    if (kind->path != NULL) {
        put_address(body, origin, lang, kind->path, words);
        buf_put(body, S("\n\n"));
    }
    put_receipt(body, origin, facts, words);
    put_paragraph(body, kind->after == T_letter_none ? S("") : lang_text(lang, kind->after), words);
    buf_put(body, S("-- \n"));
    letter_fill(body, lang_text(lang, T_letter_end), words, WORDS_MAX);
    buf_put(body, S("\n"));
    put_unsubscribe(ctx, letter, facts, origin, unsubscribe);
    if (unsubscribe->len > 0) {
        letter_fill(body, lang_text(lang, T_letter_stop), words, WORDS_MAX);
        buf_put(body, S("\n"));
        buf_put(body, buf_str(unsubscribe));
        buf_put(body, S("\n"));
    }
}
