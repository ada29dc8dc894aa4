// SPDX-License-Identifier: AGPL-3.0-or-later
// A second opinion on a register, written from the specifications (RFC 6962, C2SP signed-note, tlog-tiles,
// tlog-cosignature, tlog-policy) with node:crypto alone and nothing of filon.
//   node node.mjs LOG --policy FILE [--old FILE]... [--foreign]
// LOG is a folder of public files. Ends with 0 sound, 1 damaged, 2 usage, 3 fork or step back, 4 too few witnesses,
// and says the size and the root, or why. It holds all entries in memory: it is a judge for tests, not a tool.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

class Verdict extends Error {
  constructor(code, why) {
    super(why);
    this.code = code;
  }
}
const bad = (why) => { throw new Verdict(1, why); };

// --- bytes ---
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafOf = (entry) => sha256(Buffer.of(0), entry);
const nodeOf = (left, right) => sha256(Buffer.of(1), left, right);
function base64(text, length, what) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || (length !== null && bytes.length !== length)) bad(`${what}: not base64`);
  return bytes;
}
function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) bad(`${text}: not a number`);
  return Number(text);
}

// --- keys and notes ---
const spki = Buffer.from('302a300506032b6570032100', 'hex'); // Ed25519, RFC 8410
function readKey(vkey) {
  const [name, id, ...rest] = vkey.split('+');
  const bytes = base64(rest.join('+'), 33, 'key');
  const wanted = sha256(name, '\n', bytes).subarray(0, 4).toString('hex');
  if (id !== wanted) throw new Verdict(2, `${name}: the id of the key is ${wanted}`);
  return { name, id, type: bytes[0], key: createPublicKey({ key: Buffer.concat([spki, bytes.subarray(1)]), format: 'der', type: 'spki' }) };
}

function readPolicy(file) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [word, ...rest] = line.trim().split(/[ \t]+/);
    if (word === '' || word.startsWith('#')) continue;
    if (word === 'log') policy.logs.push(readKey(rest[0]));
    else if (word === 'witness') policy.witnesses.set(rest[0], readKey(rest[1]));
    else if (word === 'group') policy.groups.set(rest[0], { need: rest[1], members: rest.slice(2) });
    else if (word === 'quorum') policy.quorum = rest[0];
    else throw new Verdict(2, `policy: ${line}`);
  }
  if (policy.quorum === null) throw new Verdict(2, 'policy: no quorum');
  return policy;
}
function met(policy, name, signed) {
  if (name === 'none') return true;
  if (policy.witnesses.has(name)) return signed.has(name);
  const group = policy.groups.get(name);
  const need = group.need === 'all' ? group.members.length : group.need === 'any' ? 1 : decimal(group.need);
  return group.members.filter((member) => met(policy, member, signed)).length >= need;
}

// The checkpoint of a note whose every known line holds, and who of the policy's witnesses signed it.
function readNote(bytes, policy, what) {
  let note;
  try {
    note = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    bad(`${what}: not UTF-8`);
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n')) bad(`${what}: not a note`);
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0) bad(`${what}: no empty line`);
  const text = note.slice(0, cut + 1);
  const lines = note.slice(cut + 2, -1).split('\n');
  const [origin, size, root, ...more] = text.slice(0, -1).split('\n');
  if (root === undefined || origin === '' || more.includes('')) bad(`${what}: not a checkpoint`);
  const checkpoint = { origin, size: decimal(size), root: base64(root, 32, what), signed: new Set(), newest: 0 };
  let own = false;
  for (const line of lines) {
    const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
    if (match === null) bad(`${what}: not a signature: ${line}`);
    const signature = base64(match[2], null, what);
    if (signature.length < 5) bad(`${what}: short signature`);
    const of = (key) => key.name === match[1] && key.id === signature.subarray(0, 4).toString('hex');
    for (const key of policy.logs.filter(of)) {
      if (signature.length !== 68 || !verify(null, Buffer.from(text), key.key, signature.subarray(4))) bad(`${what}: ${line}`);
      own = own || key.name === origin;
    }
    for (const [name, key] of policy.witnesses) {
      if (!of(key)) continue;
      const time = signature.length === 76 ? signature.readBigUInt64BE(4) : bad(`${what}: ${line}`);
      if (!verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key.key, signature.subarray(12))) bad(`${what}: ${line}`);
      checkpoint.signed.add(name);
      checkpoint.newest = Math.max(checkpoint.newest, Number(time));
    }
  }
  if (!own) bad(`${what}: not signed by a register of the policy`);
  return checkpoint;
}

// --- the tree, as RFC 6962 section 2.1 defines it ---
function rootOf(hashes, from = 0, to = hashes.length) {
  if (to === from) return sha256('');
  if (to - from === 1) return hashes[from];
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return nodeOf(rootOf(hashes, from, from + half), rootOf(hashes, from + half, to));
}

// --- files ---
function pathOf(index) {
  const groups = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0').match(/.../g);
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}
// A partial tile, or else the beginning of the full one.
function readTile(log, kind, index, width, cut) {
  const full = join(log, 'tile', kind, pathOf(index));
  const partial = `${full}.p/${width}`;
  if (width === 256 || !existsSync(partial)) {
    if (!existsSync(full)) bad(`${kind}/${index}: no tile of width ${width}`);
    return cut(readFileSync(full), width < 256);
  }
  return cut(readFileSync(partial), false);
}
// Partial tiles of earlier sizes may have gone; those that lie there are the beginning of the whole.
function checkLying(log, kind, index, width, wanted) {
  for (let w = 1; w < width; w++) {
    const path = `${join(log, 'tile', kind, pathOf(index))}.p/${w}`;
    if (existsSync(path) && !readFileSync(path).equals(wanted(w))) bad(`${kind}/${index}.p/${w}: not what the entries give`);
  }
}
function readEntries(log, size) {
  const entries = [];
  for (let index = 0; entries.length < size; index++) {
    const width = Math.min(256, size - entries.length);
    readTile(log, 'entries', index, width, (bytes, more) => {
      const ends = [0];
      let at = 0;
      for (let i = 0; i < width; i++) {
        if (at + 2 > bytes.length) bad(`entries/${index}: cut`);
        const end = at + 2 + bytes.readUInt16BE(at);
        if (end > bytes.length) bad(`entries/${index}: cut`);
        entries.push(bytes.subarray(at + 2, end));
        at = end;
        ends.push(at);
      }
      checkLying(log, 'entries', index, width, (w) => bytes.subarray(0, ends[w]));
      if (at !== bytes.length && !more) bad(`entries/${index}: bytes behind the last entry`);
    });
  }
  return entries;
}
function checkTiles(log, leaves) {
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level++) {
    const next = [];
    for (let index = 0; index * 256 < hashes.length; index++) {
      const here = hashes.slice(index * 256, index * 256 + 256);
      const bytes = readTile(log, String(level), index, here.length,
        (all, more) => (more ? all.subarray(0, here.length * 32) : all));
      if (!bytes.equals(Buffer.concat(here))) bad(`${level}/${index}: not what the entries give`);
      checkLying(log, String(level), index, here.length, (w) => Buffer.concat(here.slice(0, w)));
      if (here.length === 256) next.push(rootOf(here));
    }
    hashes = next;
  }
}

// --- entries of filon: canonical (integers and ASCII names, so that sorting is sorting), never back in time ---
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) bad('a number that is no integer');
  if (value === null) bad('null');
  return JSON.stringify(value);
}
function checkEntries(entries, newest) {
  let last = 0;
  entries.forEach((bytes, index) => {
    const text = bytes.toString('utf8');
    let entry;
    try {
      entry = JSON.parse(text);
    } catch {
      bad(`entry ${index}: not JSON`);
    }
    if (canonical(entry) !== text || !Buffer.from(text).equals(bytes)) bad(`entry ${index}: not canonical`);
    if (entry.v !== 1 || typeof entry.k !== 'string' || !/^[0-9a-f]{32}$/.test(entry.id)) bad(`entry ${index}: members`);
    if (!Number.isSafeInteger(entry.at) || entry.at < last) bad(`entry ${index}: back in time`);
    last = entry.at;
  });
  if (newest > 0 && last > newest + 300) bad('the last entry is ahead of the witnesses');
}

// --- the verdict ---
function judge(log, policyFile, olds, foreign) {
  const policy = readPolicy(policyFile);
  const checkpoint = readNote(readFileSync(join(log, 'checkpoint')), policy, 'checkpoint');
  const before = olds.map((file) => readNote(readFileSync(file), policy, file));
  const entries = readEntries(log, checkpoint.size);
  if (!foreign) checkEntries(entries, checkpoint.newest);
  const leaves = entries.map(leafOf);
  checkTiles(log, leaves);
  if (!rootOf(leaves).equals(checkpoint.root)) bad('the root is not that of the checkpoint');
  for (const old of before) {
    if (old.origin !== checkpoint.origin) bad('another register');
    if (old.size > checkpoint.size) throw new Verdict(3, `there were ${old.size} entries`);
    if (!rootOf(leaves.slice(0, old.size)).equals(old.root)) throw new Verdict(3, `another root at ${old.size}`);
  }
  if (!met(policy, policy.quorum, checkpoint.signed)) throw new Verdict(4, 'too few witnesses');
  return `${checkpoint.size} ${checkpoint.root.toString('hex')}`;
}

const [log, ...words] = process.argv.slice(2);
const olds = [];
let policy = null, foreign = false;
for (let i = 0; i < words.length; i++) {
  if (words[i] === '--policy') policy = words[++i];
  else if (words[i] === '--old') olds.push(words[++i]);
  else if (words[i] === '--foreign') foreign = true;
}
if (log === undefined || policy === null) {
  console.error('usage: node node.mjs LOG --policy FILE [--old FILE]... [--foreign]');
  process.exit(2);
}
try {
  console.log(judge(log, policy, olds, foreign));
} catch (error) {
  console.error(error instanceof Verdict ? error.message : `node: ${error.message}`);
  process.exit(error instanceof Verdict ? error.code : 1);
}
