// SPDX-License-Identifier: AGPL-3.0-or-later
// Checks a receipt where it is read, in the steps of doors/log/receipt.c; the page has the words. Nothing is sent.
const at = (id) => document.getElementById(id), utf8 = new TextEncoder(), subtle = globalThis.crypto?.subtle;
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const hex = (list) => [...list].map((x) => x.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (x) => parseInt(x, 16));
const sha = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", Uint8Array.from(parts.flatMap((p) => [...p]))));

async function opens({ entry, opens }) {
  const { cs } = JSON.parse(entry);
  for (const { opening, payload, slot } of opens) {
    const key = await subtle.importKey("raw", unhex(opening), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const made = await subtle.sign("HMAC", key, utf8.encode(`filon/commit/v1\n${payload}`));
    if (hex(new Uint8Array(made)) !== cs[slot]) return false;
  }
  return opens.length > 0;
}

// RFC 9162 2.1.3.2.
async function stands(entry, { index, hashes, size, root }) {
  let fn = index, sn = size - 1n, now = await sha([0], utf8.encode(entry));
  if (index >= size) return false;
  for (const next of hashes) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      now = await sha([1], next, now);
      while (!(fn & 1n) && fn) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else now = await sha([1], now, next);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && hex(now) === hex(root);
}

function readProof(file) {
  const [, index, path, note] = /^c2sp\.org\/tlog-proof@v1\n(?:extra .*\n)?index (\d+)\n((?:.+\n)*)\n([^]+)$/.exec(file);
  const end = note.lastIndexOf("\n\n"), text = note.slice(0, end + 1), [origin, size, root] = text.split("\n");
  const lines = note.slice(end + 2).trimEnd().split("\n").map((line) => {
    const [, name, signature] = /^\u2014 (\S+) (\S+)$/.exec(line), raw = bytes(signature);
    return { name, id: hex(raw.slice(0, 4)), raw: raw.slice(4) };
  });
  return { index: BigInt(index), hashes: path.split("\n").filter(Boolean).map(bytes), text, origin, size: BigInt(size), root: bytes(root), lines };
}

function readPolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map() };
  const key = (vkey) => {
    const [, name, id, raw] = /^([^+]+)\+([\da-f]{8})\+(.+)$/.exec(vkey);
    return { name, id, type: bytes(raw)[0], raw: bytes(raw).slice(1) };
  };
  for (const [kind, name, ...rest] of text.split("\n").map((line) => line.trim().split(/[ \t]+/))) {
    if (kind === "log") policy.logs.push(key(name));
    if (kind === "witness") policy.witnesses.set(name, key(rest[0]));
    if (kind === "group") policy.groups.set(name, rest);
    if (kind === "quorum") policy.quorum = name;
  }
  return policy;
}

function met({ witnesses, groups, quorum }, held, name = quorum) {
  if (name === "none" || witnesses.has(name)) return name === "none" || held.has(name);
  const [n, ...members] = groups.get(name), some = members.filter((one) => met({ witnesses, groups }, held, one)).length;
  return some >= (n === "any" ? 1 : n === "all" ? members.length : Number(n));
}

// Every line of a known key must hold; who else signed is of no concern.
async function signed(proof, policy) {
  const held = new Set(), ours = policy.logs.filter((key) => key.name === proof.origin);
  let good = false, bad = false;
  const look = async (key, name) => {
    for (const { raw } of proof.lines.filter((line) => line.name === key.name && line.id === key.id)) {
      const time = key.type === 4 ? `cosignature/v1\ntime ${new DataView(raw.buffer).getBigUint64(0)}\n` : "";
      const opened = await subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]);
      const holds = await subtle.verify("Ed25519", opened, raw.slice(-64), utf8.encode(time + proof.text));
      bad ||= !holds || raw.length !== (time ? 72 : 64);
      if (name) held.add(name);
      else good = true;
    }
  };
  for (const key of ours) await look(key);
  for (const [name, key] of policy.witnesses) await look(key, name);
  return { good: good && !bad, held };
}

const say = (step, verdict) => document.querySelectorAll(`[data-step="${step}"] [data-v]`).forEach((one) => (one.hidden = one.dataset.v !== String(verdict)));
const verdict = (good) => (good ? 1 : 2);

async function check() {
  const steps = [0, 0, 0, 0], [receipt, proof, policy] = ["receipt", "proof", "policy"].map((name) => at(`f-${name}`).value);
  let cannot = false;
  steps[0] = verdict(await Promise.resolve(receipt).then(JSON.parse).then(opens).catch(() => false));
  if (proof.trim()) try {
    const read = readProof(proof), trust = policy.trim() ? readPolicy(policy) : undefined;
    steps[1] = verdict(await stands(JSON.parse(receipt).entry, read));
    [at("n-index").textContent, at("n-size").textContent] = [read.index, read.size];
    const { good, held } = trust ? await signed(read, trust) : {};
    if (trust) steps[2] = verdict(good);
    if (good) steps[3] = trust.quorum === "none" ? 3 : verdict(met(trust, held));
    [at("n-witnesses").textContent, at("n-of").textContent] = [held?.size ?? 0, trust?.witnesses.size ?? 0];
    at("numbers").hidden = false;
  } catch (error) {
    cannot = error.name === "NotSupportedError";
    if (!cannot) steps[steps[1] ? 2 : 1] = 2;
  }
  steps.forEach((one, step) => say(step, one));
  const broken = steps.includes(2), whole = steps.every((one) => one === 1);
  for (const [id, shown] of [["result", true], ["by-server", false], ["v-cannot", cannot], ["v-broken", broken], ["v-whole", whole], ["v-part", !broken && !whole]])
    at(id).hidden = !shown;
  at("result").focus();
}

for (const input of document.querySelectorAll("[data-into]"))
  input.onchange = async () => {
    if (input.files[0]) at(input.dataset.into).value = await input.files[0].text();
    input.value = "";
  };
if (subtle) {
  at("here").hidden = false;
  at("here").onclick = check;
}
