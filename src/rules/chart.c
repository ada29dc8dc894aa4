/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The chart as a table. Labels are the plan's own words, shortened only where it says two things.
 */
#include "rules/chart.h"

/* Ascending: chart_find halves. 119000 and 129000 are the debit side of equity: they keep its sign
 * and are negative. 467100: PCG 2025 puts creditors in 468; the accountant may choose either. */
static const struct chart_line chart[] = {
    {101300, LEDGER_EQUITY, false, "equity:shares:paid",
     "Capital souscrit, appelé, versé",
     "Shares subscribed, called and paid"},
    {106100, LEDGER_EQUITY, false, "equity:reserve:legal",
     "Réserve légale",
     "Legal reserve"},
    {106200, LEDGER_EQUITY, false, "equity:reserve:special",
     "Réserves indisponibles",
     "Restricted reserves"},
    {106300, LEDGER_EQUITY, false, "equity:reserve:statutory",
     "Réserves statutaires ou contractuelles (fonds de développement)",
     "Reserve under the statutes (development fund)"},
    {106400, LEDGER_EQUITY, false, "equity:reserve:regulated",
     "Réserves réglementées",
     "Regulated reserves"},
    {106800, LEDGER_EQUITY, false, "equity:reserve:other",
     "Autres réserves",
     "Other reserves"},
    {110000, LEDGER_EQUITY, false, "equity:carried:forward",
     "Report à nouveau (solde créditeur)",
     "Surplus carried forward"},
    {119000, LEDGER_EQUITY, false, "equity:carried:loss",
     "Report à nouveau (solde débiteur)",
     "Loss carried forward"},
    {120000, LEDGER_EQUITY, false, "equity:result:surplus",
     "Résultat de l'exercice (excédent)",
     "Result of the year (surplus)"},
    {129000, LEDGER_EQUITY, false, "equity:result:loss",
     "Résultat de l'exercice (perte)",
     "Result of the year (loss)"},
    {194000, LEDGER_LIABILITY, false, "liabilities:earmarked",
     "Fonds dédiés sur subventions",
     "Earmarked grants not yet spent"},
    {401000, LEDGER_LIABILITY, true, "liabilities:suppliers",
     "Fournisseurs",
     "Suppliers"},
    {411000, LEDGER_ASSET, true, "assets:clients",
     "Clients (contributions dues à la coopérative)",
     "Members and clients (owed to the co-op)"},
    {419100, LEDGER_LIABILITY, true, "liabilities:clients:advances",
     "Clients, avances et acomptes reçus",
     "Advances received from clients"},
    {421000, LEDGER_LIABILITY, true, "liabilities:staff:pay",
     "Personnel, rémunérations dues",
     "Pay due to staff"},
    {424600, LEDGER_LIABILITY, true, "liabilities:staff:participation",
     "Réserve spéciale de participation",
     "Profit-sharing reserve"},
    {428400, LEDGER_LIABILITY, false, "liabilities:staff:share",
     "Dettes provisionnées pour part aux salariés",
     "Provision for the workers' part"},
    {431000, LEDGER_LIABILITY, false, "liabilities:social",
     "Sécurité sociale",
     "Social security"},
    {444000, LEDGER_LIABILITY, false, "liabilities:tax:profit",
     "État, impôts sur les bénéfices",
     "Tax on the result"},
    {445510, LEDGER_LIABILITY, false, "liabilities:tax:vat:due",
     "TVA à décaisser",
     "VAT due"},
    {445660, LEDGER_ASSET, false, "assets:tax:vat:input",
     "TVA déductible sur autres biens et services",
     "VAT on purchases"},
    {445710, LEDGER_LIABILITY, false, "liabilities:tax:vat:output",
     "TVA collectée",
     "VAT on sales"},
    {455100, LEDGER_LIABILITY, true, "liabilities:members:current",
     "Associés, comptes courants (principal)",
     "Members' current accounts"},
    {455800, LEDGER_LIABILITY, true, "liabilities:members:interest",
     "Associés, comptes courants (intérêts courus)",
     "Interest on members' current accounts"},
    {456100, LEDGER_ASSET, true, "assets:members:subscription",
     "Associés, comptes d'apport en société (souscription)",
     "Shares subscribed by members"},
    {456200, LEDGER_ASSET, true, "assets:members:called",
     "Capital souscrit appelé, non versé",
     "Shares called, not yet paid"},
    {456700, LEDGER_LIABILITY, true, "liabilities:members:shares",
     "Capital à rembourser aux associés",
     "Shares to repay to members"},
    {457000, LEDGER_LIABILITY, true, "liabilities:members:share-interest",
     "Associés, intérêts aux parts à payer",
     "Interest on shares to pay"},
    {467100, LEDGER_LIABILITY, true, "liabilities:held",
     "Sommes détenues pour le compte des membres",
     "Money held for members"},
    {471000, LEDGER_ASSET, false, "assets:suspense",
     "Compte d'attente",
     "Suspense account"},
    {512000, LEDGER_ASSET, false, "assets:bank",
     "Banque",
     "Bank"},
    {530000, LEDGER_ASSET, false, "assets:cash",
     "Caisse",
     "Cash"},
    {580000, LEDGER_ASSET, false, "assets:transfers",
     "Virements internes",
     "Internal transfers"},
    {613500, LEDGER_EXPENSE, false, "expenses:hosting",
     "Locations mobilières, hébergement",
     "Hosting and hire"},
    {622600, LEDGER_EXPENSE, false, "expenses:fees",
     "Honoraires",
     "Professional fees"},
    {627800, LEDGER_EXPENSE, false, "expenses:bank",
     "Frais et commissions sur prestations de services bancaires",
     "Bank charges"},
    {641100, LEDGER_EXPENSE, false, "expenses:pay",
     "Salaires, appointements",
     "Pay"},
    {645100, LEDGER_EXPENSE, false, "expenses:social",
     "Cotisations à l'URSSAF",
     "Social charges"},
    {658000, LEDGER_EXPENSE, false, "expenses:other",
     "Charges diverses de gestion courante",
     "Other expenses"},
    {689400, LEDGER_EXPENSE, false, "expenses:earmarked",
     "Engagements à réaliser sur subventions",
     "Grants to be spent later"},
    {691000, LEDGER_EXPENSE, false, "expenses:participation",
     "Participation des salariés aux résultats",
     "Workers' share in the result"},
    {695000, LEDGER_EXPENSE, false, "expenses:tax",
     "Impôts sur les bénéfices",
     "Tax on the result"},
    {706000, LEDGER_INCOME, false, "income:services",
     "Prestations de services",
     "Services"},
    {707000, LEDGER_INCOME, false, "income:sales",
     "Ventes de marchandises",
     "Sales of goods"},
    {708200, LEDGER_INCOME, false, "income:contribution",
     "Commissions et courtages",
     "Contributions on exchanges"},
    {708201, LEDGER_INCOME, false, "income:contribution:running",
     "Contribution commune : fonctionnement",
     "Common contribution: running costs"},
    {708202, LEDGER_INCOME, false, "income:contribution:reserve",
     "Contribution commune : réserve",
     "Common contribution: common reserve"},
    {708203, LEDGER_INCOME, false, "income:contribution:solidarity",
     "Contribution commune : solidarité",
     "Common contribution: solidarity fund"},
    {709000, LEDGER_INCOME, false, "income:rebates",
     "Rabais, remises et ristournes accordés",
     "Rebates granted"},
    {741000, LEDGER_INCOME, false, "income:grants",
     "Subventions d'exploitation",
     "Grants"},
    {754000, LEDGER_INCOME, false, "income:patronage",
     "Ristournes perçues des coopératives",
     "Patronage refunds received from other co-ops"},
    {758000, LEDGER_INCOME, false, "income:other",
     "Produits divers de gestion courante",
     "Other income"},
    {789400, LEDGER_INCOME, false, "income:earmarked",
     "Utilisation de fonds dédiés sur subventions",
     "Earmarked grants now spent"},
    {801000, LEDGER_MEMO, true, "memo:hours",
     "Heures des membres",
     "Members' hours"},
    {802000, LEDGER_MEMO, true, "memo:credits",
     "Crédits des membres",
     "Members' credits"},
    {803000, LEDGER_MEMO, true, "memo:direct",
     "Paiements directs entre membres (pour mémoire)",
     "Direct payments between members (memo)"},
    {804000, LEDGER_MEMO, true, "memo:debts",
     "Dettes entre membres (pour mémoire)",
     "Debts between members (memo)"},
};

enum { CHART_LINES = sizeof chart / sizeof chart[0] };

const struct chart_line *chart_find(int32_t number)
{
    size_t low = 0, high = CHART_LINES;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (chart[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < CHART_LINES && chart[low].number == number ? &chart[low] : NULL;
}

const struct chart_line *chart_find_key(str neutral)
{
    for (size_t i = 0; i < CHART_LINES; i++)
        if (str_eq(str_of(chart[i].neutral), neutral))
            return &chart[i];
    return NULL;
}

const struct chart_line *chart_at(size_t index)
{
    return index < CHART_LINES ? &chart[index] : NULL;
}

int chart_class(int32_t number)
{
    return number >= 100000 && number <= 999999 ? number / 100000 : 0;
}
