/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The people of La Traboule. All of them are invented.
 */
#include "deeds/account.h"
#include "deeds/found.h"
#include "deeds/import.h"
#include "doors/cli/demo_in.h"

#include <stdio.h>
#include <string.h>

const struct demo_person demo_people[] = {
    {"salome", "Salomé D.", "animatrice", "Lyon 7e",
     "J’accueille, j’explique, je rappelle. Le mardi et le jeudi au local, rue de Marseille.", 0,
     "facilitator"},
    {"karim", "Karim T.", "comptable", "Lyon 3e",
     "Vingt ans de livres dans des associations. Ici, tout le monde peut les lire.", 0,
     "accountant"},
    {"odile", "Odile V.", "médiatrice", "Lyon 1er",
     "Ancienne juge de proximité. On se parle d’abord.", 0, "mediator"},
    {"nadia", "Nadia B.", "coursière à vélo", "Lyon 7e",
     "Je transporte ce qui n’entre pas dans le bus et ne mérite pas une camionnette.", 0, NULL},
    {"amina", "Amina K.", "ménage et repassage", "Lyon 3e",
     "Quinze ans d’expérience, mes produits sans odeur, un travail bien fini.", 0, NULL},
    {"ravier", "Atelier Ravier", "potière", "Caluire-et-Cuire",
     "Grès tourné à la main, cuisson au gaz, une fournée par quinzaine.", 0, NULL},
    {"echets", "Ferme des Échets", "maraîchage", "Miribel",
     "Six hectares en bio au bord du marais. Tournée à Lyon le mardi et le vendredi.", 4, NULL},
    {"hugo-lea", "Hugo & Léa", "hôtes", "Lyon 4e",
     "Une chambre sous les toits de la Croix-Rousse, et le café du matin.", 4, NULL},
    {"outiltheque", "Outilthèque", "outils prêtés", "Lyon 8e",
     "Cent quarante outils, douze bénévoles. Ouverte mercredi et samedi.", 4, NULL},
    {"camille", "Camille T.", "boutique sans emballage", "Lyon 7e",
     "La Petite Réserve, rue de la Thibaudière.", 4, NULL},
    {"yanis", "Yanis O.", "menuisier", "Villeurbanne",
     "Meubles réparés, étagères sur mesure, bois de récupération.", 4, NULL},
    {"paul", "Paul R.", "accordeur de pianos", "Lyon 6e",
     "Pianos droits et à queue. Je forme aussi qui veut apprendre l’oreille.", 9, NULL},
    {"sara", "Sara D.", "étudiante infirmière", "Lyon 7e", "Libre le soir et le week-end.", 9,
     NULL},
    {"theo", "Théo M.", "réparation de vélos", "Lyon 3e",
     "Atelier mobile : je viens avec mes outils et mes pièces.", 9, NULL},
    {"lucie", "Lucie G.", "couturière", "Lyon 1er",
     "Retouches, rideaux, robes qui retrouvent une deuxième vie.", 9, NULL},
    {"mehdi", "Mehdi A.", "électricien", "Vénissieux",
     "Petits dépannages, mises en sécurité, devis avant tout.", 9, NULL},
    {"rosalie", "Rosalie P.", "boulangère", "Lyon 4e",
     "Levain, farines de la Dombes, four à bois partagé.", 16, NULL},
    {"jean-marc", "Jean-Marc L.", "plombier", "Oullins-Pierre-Bénite",
     "Fuites, robinets, chauffe-eau. Je montre comment refaire seul.", 16, NULL},
    {"fatou", "Fatou S.", "cuisinière", "Lyon 8e",
     "Mafé, yassa, pastels. Repas de fête et plats de semaine.", 16, NULL},
    {"clement", "Clément B.", "photographe", "Lyon 2e", "Portraits, ateliers, noces simples.", 16,
     NULL},
    {"elise", "Élise N.", "professeure de piano", "Villeurbanne",
     "Enfants dès six ans, et grands débutants sans honte.", 16, NULL},
    {"bilal", "Bilal H.", "peintre en bâtiment", "Bron",
     "Peintures à l’eau, chaux, plafonds hauts.", 24, NULL},
    {"marguerite", "Marguerite C.", "jardinière retraitée", "Sainte-Foy-lès-Lyon",
     "Quarante ans de rosiers. Je donne plus que je ne vends.", 24, NULL},
    {"tom", "Tom W.", "English teacher", "Lyon 2e",
     "Conversation over a walk along the Saône. All levels.", 24, NULL},
    {"ana", "Ana P.", "traductrice", "Lyon 6e",
     "Portugais, espagnol, français. Courriers et actes.", 24, NULL},
    {"ludovic", "Ludovic F.", "apiculteur", "Dardilly",
     "Douze ruches au-dessus de l’Ouest lyonnais.", 24, NULL},
    {"noemie", "Noémie J.", "graphiste", "Lyon 1er", "Affiches, étiquettes, petits livres.", 38,
     NULL},
    {"ousmane", "Ousmane D.", "déménageur", "Vaulx-en-Velin",
     "Deux bras, un diable, des sangles, et un fourgon partagé.", 38, NULL},
    {"sylvie", "Sylvie R.", "aide à domicile", "Lyon 8e",
     "Repas, courses, présence. Patiente et ponctuelle.", 38, NULL},
    {"arthur", "Arthur K.", "dépannage informatique", "Villeurbanne",
     "Vieux ordinateurs, logiciels libres, mots de passe retrouvés.", 38, NULL},
    {"maelle", "Maëlle Q.", "relieuse", "Lyon 5e", "Livres cassés, carnets cousus, boîtes.", 38,
     NULL},
    {"victor", "Victor Z.", "cordonnier", "Lyon 3e",
     "Ressemelages et talons, cuir tanné à l’écorce.", 61, NULL},
    {"chloe", "Chloé S.", "yoga et souffle", "Lyon 9e", "Petits groupes, tapis prêtés.", 61, NULL},
    {"gaspard", "Gaspard E.", "brasseur", "Saint-Fons",
     "Bières d’orge locale, bouteilles consignées.", 61, NULL},
    {"priya", "Priya N.", "home cook", "Lyon 7e", "Dosas, dals and chutneys from my mother’s book.",
     61, NULL},
    {"renaud", "Renaud V.", "jardinier", "Tassin-la-Demi-Lune", "Taille douce, compost, potagers.",
     89, NULL},
    {"beatrice", "Béatrice L.", "garde d’enfants", "Lyon 6e",
     "Sorties d’école et mercredis, diplômée.", 89, NULL},
    {"samir", "Samir O.", "mécanicien", "Saint-Priest",
     "Freins, batteries, contrôles avant la visite.", 89, NULL},
    {"zelie", "Zélie A.", "savonnière", "Lyon 4e",
     "Savons à froid, huile d’olive et lait d’ânesse.", 120, NULL},
    {"leonie", "Léonie H.", "tricot et feutre", "Écully",
     "Laines du Pilat, teintes avec des plantes.", 120, NULL},
    {"ines", "Inès M.", "", "Lyon 7e", "", 9, "client"},
    {"calvet", "Mme Calvet", "réviseuse coopérative", "Lyon 2e",
     "Révision de la coopérative, loi de 1947.", 38, "auditor"},
};
const size_t demo_people_n = sizeof demo_people / sizeof demo_people[0];

size_t demo_person_of(const char *handle)
{
    for (size_t i = 0; i < demo_people_n; i++)
        if (strcmp(demo_people[i].handle, handle) == 0)
            return i;
    return demo_people_n;
}

/* --- founding --- */

static str email_of(struct ctx *ctx, const struct demo_person *person)
{
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    buf_printf(&out, "%s@traboule.example", person->handle);
    return buf_str(&out);
}

static size_t founders_of(struct ctx *ctx, struct founder *founders)
{
    size_t n = 0;

    for (size_t i = 0; i < demo_people_n && demo_people[i].day == 0; i++)
        founders[n++] = (struct founder){.name = str_of(demo_people[i].name),
                                         .handle = str_of(demo_people[i].handle),
                                         .email = email_of(ctx, &demo_people[i]),
                                         .trade = str_of(demo_people[i].trade)};
    return n;
}

static uint32_t roles_of(const struct demo_person *person)
{
    const char *role = person->role == NULL ? "member" : person->role;

    return strcmp(role, "client") == 0    ? (uint32_t)ROLE_CLIENT
           : strcmp(role, "auditor") == 0 ? (uint32_t)ROLE_AUDITOR
                                          : ROLE_MEMBER | role_of_name(str_of(role));
}

no demo_found(struct ctx *ctx, void *demo_)
{
    static const struct found_college colleges[] = {
        {{"Travail", 7}, 50}, {{"Usage", 5}, 30}, {{"Soutien", 7}, 20}};
    struct demo *demo = demo_;
    struct founder founders[FOUNDERS_MAX];
    struct found_form form = {.name = S("La Traboule"),
                              .sentence = S("Le marché à celles et ceux qui le font vivre"),
                              .legal_form = S("scic"),
                              .place = S("Lyon"),
                              .zone = S("Europe/Paris"),
                              .email = S("bonjour@traboule.example"),
                              .iban = S("FR7630006000011234567890189"),
                              .bic = S("AGRIFRPP"),
                              .lat = 45749060,
                              .lon = 4847890,
                              .lang = LANG_FR,
                              .demonstration = true,
                              .currency = S("EUR"),
                              .hours = true,
                              .credits = true,
                              .credit_code = S("FIL"),
                              .credit_name = S("Filons"),
                              .hour_floor = 600,
                              .hour_ceiling = 6000,
                              .credit_floor = 20000,
                              .credit_ceiling = 200000,
                              .fee_running_bp = 520,
                              .fee_reserve_bp = 230,
                              .fee_solidarity_bp = 150,
                              .share_minor = 2000,
                              .share_least = 1,
                              .quorum_percent = 25,
                              .colleges = colleges,
                              .colleges_n = 3,
                              .founders = founders};

    form.founders_n = founders_of(ctx, founders);
    demo_as_console(demo, demo->start_ns);
    TRY(deed_found(ctx, &form));
    for (size_t i = 0; i < form.founders_n; i++)
        demo->people[i] = (struct demo_here){.member = form.first_member + (int64_t)i,
                                             .roles = roles_of(&demo_people[i]) | ROLE_FOUNDER};
    return YES;
}

/* --- joining: a wave comes as a list of members, the way a co-op brings its spreadsheet --- */

static no find_people(struct demo *demo, int day)
{
    for (size_t i = 0; i < demo_people_n; i++) {
        struct sql_import_member row;

        if (demo_people[i].day != day)
            continue;
        TRY(view_import_member(demo->ctx, str_of(demo_people[i].handle), &row));
        demo->people[i] = (struct demo_here){.member = row.id, .roles = roles_of(&demo_people[i])};
    }
    return YES;
}

no demo_join(struct demo *demo, int day)
{
    struct import_form form = {.source = IMPORT_MEMBERS, .admit = true, .no_letters = true};
    struct buf list;
    bool any = false;

    buf_init(&list, demo->ctx->arena, 4096);
    buf_put(&list, S("email,name,handle,role,place\n"));
    for (size_t i = 0; i < demo_people_n; i++) {
        const struct demo_person *person = &demo_people[i];

        if (person->day != day || day == 0)
            continue;
        any = true;
        buf_printf(&list, "%s@traboule.example,%s,%s,%s,%s\n", person->handle, person->name,
                   person->handle, person->role == NULL ? "member" : person->role, person->place);
    }
    if (!any)
        return YES;
    form.bytes = buf_str(&list);
    demo_as_console(demo, demo->start_ns + day * DEMO_DAY + 9 * ORDER_HOUR);
    TRY(deed_import(demo->ctx, &form));
    return find_people(demo, day);
}

/* An account at a bank that is none, with the two keys that make it well-formed. */
static void put_iban(struct buf *out, size_t person)
{
    const int64_t bank = 30006, branch = 1, account = 10000000001 + (int64_t)person * 7919;
    const int64_t key = 97 - (89 * bank + 15 * branch + 3 * account) % 97;
    char digits[64];
    int64_t rest = 0;
    const int len = snprintf(digits, sizeof digits, "%05d%05d%011lld%02d152700", (int)bank,
                             (int)branch, (long long)account, (int)key);

    for (int i = 0; i < len; i++)
        rest = (rest * 10 + (digits[i] - '0')) % 97;
    buf_printf(out, "FR%02d%05d%05d%011lld%02d", (int)(98 - rest), (int)bank, (int)branch,
               (long long)account, (int)key);
}

no demo_profiles(struct demo *demo, int day)
{
    for (size_t i = 0; i < demo_people_n; i++) {
        const struct demo_person *person = &demo_people[i];
        struct buf iban;

        if (person->day != day)
            continue;
        buf_init(&iban, demo->ctx->arena, 40);
        put_iban(&iban, i);
        const struct account_profile profile = {.name = str_of(person->name),
                                                .trade = str_of(person->trade),
                                                .bio = str_of(person->bio),
                                                .place = str_of(person->place),
                                                .iban = buf_str(&iban),
                                                .bic = S("AGRIFRPP")};

        demo_as(demo, demo->start_ns + day * DEMO_DAY + 10 * ORDER_HOUR, i);
        TRY(deed_account_profile(demo->ctx, &profile));
    }
    return YES;
}
