// Shortcuts and live search. Every page works without it.
"use strict";

const help = document.querySelector("#shortcuts");
const OFF = "vigie-shortcuts-off";

function shortcutsAreOn() {
  return localStorage.getItem(OFF) === null;
}

function showState() {
  const button = help.querySelector("button");
  button.textContent = shortcutsAreOn() ? button.dataset.off : button.dataset.on;
}

function step(by) {
  const links = [...document.querySelectorAll("main article a, main .item a.label")];
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
  if (next) next.focus();
}

function search() {
  const field = document.querySelector("#text");
  if (field) field.focus();
  else location.assign("/search");
}

const SHORTCUTS = { "/": search, j: () => step(1), k: () => step(-1) };

if (help) {
  help.hidden = false;
  showState();
  help.querySelector("button").addEventListener("click", () => {
    if (shortcutsAreOn()) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
    showState();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !shortcutsAreOn()) return;
    const own = /^[0-9a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    const act = own ? () => (own.matches("input") ? own.focus() : own.click()) : SHORTCUTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const form = document.querySelector("form[role=search]");
const field = document.querySelector("#text");
let waiting = 0;
let asking = new AbortController();

async function show() {
  asking.abort();
  asking = new AbortController();
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const address = `${form.getAttribute("action")}?${asked}`;
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#found");
    if (!found) return;
    document.querySelector("#found").replaceWith(document.adoptNode(found));
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

if (form && field) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
}
