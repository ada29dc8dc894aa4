/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What people of the demonstration write to each other.
 */
#include "doors/cli/demo_in.h"

#define OF(list, at) (list)[(at) % (sizeof(list) / sizeof((list)[0]))]

static const char *const goods[] = {
    "Beau et solide, exactement comme décrit.",
    "Frais, bien emballé, et la consigne est reprise sans discuter.",
    "Je reprends la semaine prochaine.",
    "Plus grand que prévu, mais très bien fait.",
    "Goûté le soir même, il n’en reste plus.",
    "Une bonne adresse de quartier.",
};
static const char *const works[] = {
    "À l’heure à la minute, rien n’a bougé dans la caisse.",
    "Travail soigné, et tout est propre derrière.",
    "Explique ce qui est fait, et pourquoi.",
    "Le fauteuil était plus large que prévu. Les sangles étaient là.",
    "Rapide et souriant, je recommande.",
    "Prix annoncé, prix payé.",
    "On sent le métier.",
    "Simple à organiser, même au dernier moment.",
};
static const char *const hours[] = {
    "Une heure qui en vaut deux.",     "J’ai appris en regardant, puis en faisant.",
    "Belle rencontre, on recommence.", "Patience et bonne humeur.",
    "Merci pour le temps donné.",
};
static const char *const middling[] = {
    "Bien, avec une demi-heure de retard.",
    "Correct, mais il a fallu rappeler.",
    "Le résultat est bon, le délai moins.",
};
static const char *const answers[] = {
    "Accueil parfait, tout était prêt.",
    "Paiement rapide, échange clair.",
    "À refaire avec plaisir.",
    "Café offert, merci !",
    "Rendez-vous tenu.",
};
static const char *const questions[] = {
    "Bonjour, est-ce possible en fin de matinée ?",
    "Il y a un escalier étroit, deux étages. Ça ira ?",
    "Je peux passer chercher moi-même si c’est plus simple.",
    "Bonjour ! C’est pour un cadeau, pouvez-vous l’emballer ?",
    "Le code de la porte est au dos du portail, je descends ouvrir.",
    "Est-ce que samedi convient aussi ?",
    "Merci d’avance, je découvre la coopérative.",
    "Can we speak English when you come?",
};

const char *demo_review(enum order_kind kind, int stars, uint64_t at)
{
    if (stars < 4)
        return OF(middling, at);
    if (kind == ORDER_SALE || kind == ORDER_GIFT)
        return OF(goods, at);
    return kind == ORDER_EXCHANGE ? OF(hours, at) : OF(works, at);
}

const char *demo_answer(uint64_t at)
{
    return OF(answers, at);
}

const char *demo_question(uint64_t at)
{
    return OF(questions, at);
}
