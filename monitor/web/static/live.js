"use strict";
// Keeps the page fresh: asks the server for it again when something happened, and lays what changed over what is there.
// Elements stay where they are, so scroll, focus and what is open stay too. Without this script the page works as well.
(() => {
  const REST = 10000; // ms between two refreshes while nothing happens: ages grow, polls go on
  const POLL = 3000; // the same while there is no stream
  const LEAST = 400; // between two refreshes, however much happens
  const SHARE = 5; // and so many times as long as the last one took: a large fleet is not asked for all the time
  const TYPING = 250;
  const main = document.getElementById("main");
  const live = document.getElementById("live");
  const said = document.getElementById("said");
  let stream = null;
  let timer = 0;
  let last = 0;
  let took = 0;
  let asked = 0;

  const say = (word, state) => {
    live.textContent = word;
    live.className = `live ${state}`;
  };

  // One element like another: attributes first, then the children, matched by id, else by their place and name.
  const morph = (old, fresh) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (old.tagName === "FORM" && old.contains(document.activeElement)) return; // somebody fills it in
    const moved = old.dataset.status && old.dataset.status !== fresh.dataset.status;
    attributes(old, fresh);
    if (moved) mark(old);
    children(old, fresh);
    if (old.tagName === "SELECT" || old.tagName === "INPUT") old.value = fresh.value;
  };

  const attributes = (old, fresh) => {
    for (const { name, value } of [...fresh.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      const kept = name === "open" && old.tagName === "DETAILS";
      if (!kept && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
  };

  const children = (old, fresh) => {
    const named = new Map([...old.children].filter((each) => each.id).map((each) => [each.id, each]));
    let place = old.firstChild;
    for (const node of [...fresh.childNodes]) {
      const found = node.id ? named.get(node.id) : alike(place, node);
      if (found) {
        if (found === place) place = place.nextSibling;
        else old.insertBefore(found, place);
        morph(found, node);
      } else {
        old.insertBefore(document.importNode(node, true), place);
      }
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  };

  const alike = (place, node) =>
    place && !place.id && place.nodeType === node.nodeType && place.nodeName === node.nodeName ? place : null;

  const mark = (row) => {
    row.classList.add("changed");
    setTimeout(() => row.classList.remove("changed"), 4000);
  };

  const refresh = async () => {
    clearTimeout(timer);
    const number = (asked += 1);
    const address = location.href.split("#")[0];
    const began = Date.now();
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
      const text = await answer.text();
      if (number !== asked) return; // a later question is on its way
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      lay(new DOMParser().parseFromString(text, "text/html"));
      if (live.classList.contains("lost")) told();
    } catch {
      if (number === asked) say("Not reachable; trying again", "lost");
    }
    last = Date.now();
    took = last - began;
    rest();
  };

  const lay = (fresh) => {
    const focused = document.activeElement;
    document.title = fresh.title;
    morph(main, fresh.getElementById("main"));
    if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  };

  const rest = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, stream && stream.readyState === EventSource.OPEN ? REST : POLL);
  };

  const soon = () => {
    clearTimeout(timer);
    const pause = Math.min(REST, Math.max(LEAST, SHARE * took));
    timer = setTimeout(refresh, Math.max(0, last + pause - Date.now()));
  };

  const told = () => {
    const open = stream && stream.readyState === EventSource.OPEN;
    say(open ? "Live" : "Refreshes every few seconds", open ? "open" : "polling");
  };

  const heard = (message) => {
    try {
      said.textContent = JSON.parse(message.data).data.summary;
    } catch {
      said.textContent = "";
    }
    soon();
  };

  const listen = () => {
    if (stream || document.hidden || !window.EventSource) return told();
    stream = new EventSource(main.dataset.stream);
    stream.onopen = () => {
      told();
      soon(); // what happened meanwhile
    };
    stream.onerror = () => {
      told();
      rest();
      if (stream.readyState === EventSource.CLOSED) again();
    };
    stream.onmessage = heard;
    for (const kind of (main.dataset.kinds || "").split(" ").filter(Boolean)) stream.addEventListener(kind, heard);
  };

  const hush = () => {
    if (stream) stream.close();
    stream = null;
  };

  // A stream that was refused is tried again in a while; refreshes go on meanwhile.
  const again = () => {
    hush();
    setTimeout(listen, 15000);
  };

  const go = (address, replace) => {
    history[replace ? "replaceState" : "pushState"](null, "", address);
    refresh();
  };

  const addressOf = (form) => {
    const given = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(given).toString();
    return form.getAttribute("action") + (query ? `?${query}` : "");
  };

  let typing = 0;
  document.addEventListener("input", ({ target }) => {
    if (!target.form || target.form.id !== "filter") return;
    clearTimeout(typing);
    typing = setTimeout(() => go(addressOf(target.form), true), TYPING);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "filter") return;
    event.preventDefault();
    clearTimeout(typing);
    go(addressOf(event.target), false);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-here]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.getAttribute("href"), false);
  });
  // The time that a pointer or the focus shows is put away by Escape until either moves on (WCAG 1.4.13).
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") document.documentElement.classList.add("quiet");
  });
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, () => document.documentElement.classList.remove("quiet"));
  }
  window.addEventListener("popstate", () => {
    const given = new URLSearchParams(location.search);
    for (const field of document.querySelectorAll("#filter [name]")) field.value = given.get(field.name) || "";
    refresh();
  });
  window.addEventListener("pagehide", hush);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hush();
      clearTimeout(timer);
    } else {
      listen();
      refresh();
    }
  });

  document.documentElement.classList.add("scripted");
  listen();
  rest();
})();
