// SPDX-License-Identifier: AGPL-3.0-or-later
// Copies what a line says. The page is complete without it: the buttons are hidden until this runs.
for (const b of document.querySelectorAll("[data-copy]")) {
  b.hidden = !navigator.clipboard;
  b.onclick = () => navigator.clipboard.writeText(b.dataset.copy).then(() => (b.textContent = b.dataset.done));
}
