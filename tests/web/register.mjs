// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A register published by nobody of ours: out of the entries that /proof/N/entry.json shows, with keys that are made here,
// the proof of one entry and the list of whom to believe. It shares no line with the program and none with proof.mjs.
//
//   const files = await publish(coop, index)      { entry, proof, policy }
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { visitor } from './plain.mjs';

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const leafOf = (entry) => sha([0], entry);
const nodeOf = (left, right) => sha([1], left, right);

/** RFC 6962 2.1 as it is written there: k is the largest power of two below n. */
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
export function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}
export function pathOf(leaves, index) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k ? [...pathOf(leaves.slice(0, k), index), rootOf(leaves.slice(k))]
    : [...pathOf(leaves.slice(k), index - k), rootOf(leaves.slice(0, k))];
}

/** A key of this kind (1 a register's, 4 a witness's): how it is written down, and how it signs. */
function keyOf(name, type) {
  const pair = generateKeyPairSync('ed25519');
  const raw = Buffer.concat([Buffer.from([type]), pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const id = sha(`${name}\n`, raw).subarray(0, 4);
  const line = (bytes) => `\u2014 ${name} ${Buffer.concat([id, bytes]).toString('base64')}\n`;
  return { vkey: `${name}+${id.toString('hex')}+${raw.toString('base64')}`,
    signs: (text) => line(sign(null, Buffer.from(text), pair.privateKey)),
    cosigns(text, time) {
      const when = Buffer.alloc(8);
      when.writeBigUInt64BE(BigInt(time));
      return line(Buffer.concat([when, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), pair.privateKey)]));
    } };
}

/** Every entry, as the bytes that are shown to everybody. */
async function entriesOf(coop) {
  const me = visitor(coop);
  const entries = [];
  for (;;) {
    const answer = await me.get(`/proof/${entries.length}/entry.json`);
    if (answer.status !== 200) return entries;
    entries.push(answer.bytes);
  }
}

export async function publish(coop, index) {
  const entries = await entriesOf(coop);
  const leaves = entries.map(leafOf);
  const text = `${coop.origin ?? 'test.example/log'}\n${leaves.length}\n${rootOf(leaves).toString('base64')}\n`;
  const [log, seen, silent] = [keyOf(text.split('\n')[0], 1), keyOf('seen.example/witness', 4), keyOf('silent.example/witness', 4)];
  const note = `${text}\n${log.signs(text)}${seen.cosigns(text, 1767225600)}`;
  const path = pathOf(leaves, index).map((hash) => `${hash.toString('base64')}\n`).join('');
  return { entry: entries[index], proof: `c2sp.org/tlog-proof@v1\nindex ${index}\n${path}\n${note}`,
    policy: `log ${log.vkey}\nwitness seen ${seen.vkey}\nwitness silent ${silent.vkey}\ngroup any any seen silent\nquorum any\n` };
}
