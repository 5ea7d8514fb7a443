// Completes what is typed into the search box: words and whole titles, as GET /suggest gives them. Without it the page
// works as a plain form. The list is the listbox of a combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

"use strict";

(() => {
  const input = document.getElementById("q");
  if (!input || !input.form) return;

  // How long nothing is typed before suggestions are asked for, in milliseconds.
  const PAUSE = 80;

  // What stands before the paths of the index that the page searches.
  const base = input.form.getAttribute("action").replace(/\/$/, "");

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions · Подсказки");
  input.form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let suggestions = [];
  // The number of the suggestion that is chosen among, -1 for what was typed.
  let active = -1;
  let timer = 0;
  let asked = null;

  function forget() {
    clearTimeout(timer);
    if (asked) asked.abort();
    asked = null;
  }

  function close() {
    forget();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(number) {
    active = number;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    const option = list.children[active];
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // Texts come from documents: they become text and never markup.
  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function option(suggestion, number) {
    const made = element("li", suggestion.kind, "");
    made.id = `suggestion-${number}`;
    made.lang = /[а-яё]/i.test(suggestion.text) ? "ru" : "en";
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    const text = element("span", "text", "");
    text.append(...suggestion.parts.map((part) => (part.marked ? element("mark", "", part.text) : part.text)));
    made.append(text);
    if (suggestion.kind === "word") made.append(" ", element("span", "count", String(suggestion.hits)));
    made.addEventListener("click", () => choose(suggestion));
    return made;
  }

  function show(found) {
    suggestions = found;
    list.replaceChildren(...suggestions.map(option));
    const isOpen = suggestions.length > 0 && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    activate(-1);
  }

  // A title opens its document; a word completes the query, which is then searched for.
  function choose(suggestion) {
    close();
    if (suggestion.kind === "title") {
      location.assign(`${base}/view/${encodeURIComponent(suggestion.id)}`);
      return;
    }
    input.value = suggestion.text;
    input.form.requestSubmit();
  }

  async function ask() {
    forget();
    if (!input.value.trim()) {
      close();
      return;
    }
    const mine = new AbortController();
    asked = mine;
    const parameters = new URLSearchParams({ q: input.value });
    const language = input.form.elements.namedItem("language");
    if (language && language.value) parameters.set("language", language.value);
    try {
      const response = await fetch(`${base}/suggest?${parameters}`, { signal: mine.signal });
      const answer = response.ok ? await response.json() : { suggestions: [] };
      // An answer to what is no longer typed comes too late.
      if (asked === mine) show(answer.suggestions);
    } catch {
      if (asked === mine) close();
    }
  }

  input.addEventListener("input", () => {
    forget();
    timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen) {
      // Round and round, over what was typed.
      const places = suggestions.length + 1;
      activate(((active + 1 + step + places) % places) - 1);
      event.preventDefault();
    } else if (step) {
      ask();
      event.preventDefault();
    } else if (event.key === "Enter") {
      if (isOpen && active >= 0) {
        event.preventDefault();
        choose(suggestions[active]);
      } else {
        close();
      }
    } else if (event.key === "Escape" && isOpen) {
      // Without a list, Escape empties the box, as it does in every browser.
      close();
      event.preventDefault();
    }
  });

  // A press on the list leaves the caret where it is.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  window.addEventListener("pagehide", close);
})();
