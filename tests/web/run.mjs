// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Runs *.spec.mjs (or those named on the command line), one test after the other, and prints lines as TAP does;
// closes with `counts PASSED FAILED SKIPPED`. Exit 1 when a test failed.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { closeAll, isSkip, tests } from './lib.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const named = process.argv.slice(2);
const specs = named.length > 0
  ? named.map((path) => resolve(path))
  : readdirSync(here).filter((name) => name.endsWith('.spec.mjs')).sort().map((name) => join(here, name));

const counts = { passed: 0, failed: 0, skipped: 0 };
let number = 0;

function limited(body, timeout) {
  let late;
  const limit = new Promise((_, failed) => {
    late = setTimeout(() => failed(new Error(`not done after ${timeout} ms`)), timeout);
  });
  return Promise.race([body(), limit]).finally(() => clearTimeout(late));
}

function comment(error) {
  return String(error?.stack ?? error).split('\n').slice(0, 40).map((line) => `# ${line}`).join('\n');
}

async function run(spec, { name, body, timeout }) {
  const title = `${++number} - ${spec}: ${name}`;
  try {
    await limited(body, timeout);
    counts.passed++;
    console.log(`ok ${title}`);
  } catch (error) {
    if (isSkip(error)) {
      counts.skipped++;
      console.log(`ok ${title} # SKIP ${error.message}`);
      console.log(`skipped: ${spec}: ${name}: ${error.message}`);
    } else {
      counts.failed++;
      console.log(`not ok ${title}\n${comment(error)}`);
    }
  }
}

for (const path of specs) {
  const spec = path.slice(path.lastIndexOf('/') + 1).replace('.spec.mjs', '');
  try {
    await import(pathToFileURL(path));
  } catch (error) {
    tests.push({ name: 'can be read', timeout: 1000, body: () => Promise.reject(error) });
  }
  for (const one of tests.splice(0)) await run(spec, one);
  await closeAll();
}
console.log(`counts ${counts.passed} ${counts.failed} ${counts.skipped}`);
process.exit(counts.failed > 0 ? 1 : 0);
