/* Bancada: 👍/👎, problems and stars for an assistant's answers, told to POST /api/feedback. See
   docs/feedback.md. Never throws; keeps and sends nothing before somebody presses a button. */
(function () {
  "use strict";

  const QUEUE = "bancada.feedback.", VISITOR = "bancada.visitor", GIVEN = "bancada.given";
  const TIMEOUT = 20000, FIRST_PAUSE = 1000, LONGEST_PAUSE = 300000, LINGER = 100;
  const MOST = 100, OLDEST = 7 * 24 * 3600 * 1000, REMEMBERED = 300, LONGEST_COMMENT = 5000;
  const REFUSED = [400, 413, 415, 422]; // the same again would be refused again
  const PROBLEMS = ["wrong_information", "invented", "out_of_scope", "tone", "incomplete",
    "misunderstood", "privacy", "other"];
  const TURN = "data-bancada-turn", CONVERSATION = "data-bancada-conversation";
  const TEXTS = {
    group: "Avalie esta resposta", good: "Resposta boa", bad: "Resposta ruim",
    why: "O que houve de errado? (opcional)", comment: "Comentário (opcional)",
    rate: "Como foi a conversa?", star: "1 estrela", stars: "{n} estrelas",
    send: "Enviar", thanks: "Obrigado pela avaliação.", problem: "Tipo de problema (opcional)",
    wrongInformation: "Informação errada", invented: "Informação inventada",
    outOfScope: "Fora do assunto", tone: "Tom inadequado", incomplete: "Resposta incompleta",
    misunderstood: "Não me entendeu", privacy: "Expõe dado pessoal", other: "Outro problema",
  };
  const STYLE = `
    :host { all: initial !important; display: block !important;
      color-scheme: light dark !important; }
    .box { --ink: #1f2328; --paper: #fff; --line: #7d8590; --mark: #0b57d0; --on: #dce8fd;
      font: 14px/1.4 system-ui, sans-serif; color: var(--ink); margin: 4px 0; max-width: 32em; }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; }
    .words { background: var(--paper); border-radius: 6px; padding: 2px 6px; }
    .words:empty, .form[hidden] { display: none; }
    button, select, textarea { font: inherit; color: inherit; background: var(--paper);
      border: 1px solid var(--line); border-radius: 6px; }
    button, select { min-width: 32px; min-height: 32px; padding: 2px 8px; cursor: pointer; }
    select { max-width: 100%; }
    button[aria-pressed=true] { background: var(--on); border-color: var(--mark);
      box-shadow: inset 0 0 0 1px var(--mark); }
    button:disabled { cursor: default; opacity: .6; }
    :focus-visible { outline: 2px solid var(--mark);
      outline-offset: 2px; }
    .form { display: grid; gap: 4px; justify-items: start; margin-top: 4px; }
    textarea { box-sizing: border-box; width: 100%; min-height: 4em; padding: 6px; }
    textarea::placeholder { color: inherit; opacity: .8; }
    @media (prefers-color-scheme: dark) {
      .box { --ink: #e6edf3; --paper: #1c2128; --line: #848d97; --mark: #79b8ff; --on: #1f3a5f; }
    }`;

  const script = document.currentScript || document.querySelector("script[data-key]");
  const set = script ? script.dataset : {};
  const now = () => performance.now(); // unlike the clock it never goes back
  const say = (...words) => { if ("debug" in set) console.info("[Feedback]", ...words); };
  const safely = (work) => (...given) => {
    try { return work(...given); } catch (error) { say("Erro:", error); return undefined; }
  };

  function random() {
    const letters = "abcdefghijklmnopqrstuvwxyz012345";
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return Array.from(bytes, (byte) => letters[byte & 31]).join("");
  }

  /* The browser's storage; what it does not take (blocked, full) lasts as long as the page. */
  const held = new Map();
  const real = safely(() => window.localStorage);
  const box = {
    get: (key) => held.has(key) ? held.get(key) : safely(() => real().getItem(key))() || null,
    set(key, value) {
      try { real().setItem(key, value); held.delete(key); } catch (error) { held.set(key, value); }
    },
    remove(key) { held.delete(key); safely(() => real().removeItem(key))(); },
    keys(prefix) {
      const stored = safely(() => Object.keys(real()))() || [];
      return [...new Set([...stored, ...held.keys()])]
        .filter((key) => key.startsWith(prefix)).sort();
    },
  };

  /* ---- What was said waits until the API has answered for it. ---- */

  const address = (set.api || (script && script.src ? new URL(".", script.src).href : ""))
    .replace(/\/+$/, "") + "/api/feedback";
  const key = set.key || "";
  let timer = 0, busy = false, failures = 0, pausedUntil = 0, refusedUntil = 0;
  const carried = new Set();

  function visitor() {
    let known = box.get(VISITOR);
    if (!/^v_[a-z0-5]{24}$/.test(known || "")) box.set(VISITOR, known = "v_" + random());
    return known;
  }

  function give(said) {
    const at = new Date();
    const whole = { id: "fb_" + random(), visitor: visitor(), at: at.toISOString() };
    box.set(QUEUE + at.getTime() + "." + whole.id, JSON.stringify(Object.assign(whole, said)));
    plan(0);
  }

  /* What waits, oldest first; what is too old or too much is dropped. */
  function waiting() {
    const keys = box.keys(QUEUE);
    const kept = keys.slice(-MOST).filter((name) =>
      Date.now() - Number(name.slice(QUEUE.length).split(".")[0]) <= OLDEST);
    keys.filter((name) => !kept.includes(name)).forEach(box.remove);
    return kept;
  }

  function plan(milliseconds) {
    clearTimeout(timer);
    const pause = Math.max(pausedUntil, refusedUntil) - now();
    timer = setTimeout(() => send().catch(say), Math.max(milliseconds, pause));
  }

  async function send() {
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting(); next.length; next = waiting()) {
        if (navigator.onLine === false) return; // "online" will say so
        const text = box.get(next[0]);
        if (text && !await post(text)) return plan(0);
        box.remove(next[0]);
      }
    } finally { busy = false; }
  }

  /* Return whether there is no need to send it again. */
  async function post(body) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      const answer = await fetch(address, {
        method: "POST", mode: "cors", credentials: "omit", keepalive: true, signal: abort.signal,
        headers: { "Content-Type": "application/json", "X-API-Key": key }, body,
      });
      const said = await answer.json();
      say("Resposta " + answer.status + ":", said);
      if (REFUSED.includes(answer.status) || answer.ok && said.status === "success") {
        failures = pausedUntil = refusedUntil = 0;
        return true;
      }
      const wait = Math.min(3600, Number(answer.headers.get("Retry-After")) || 0);
      refusedUntil = now() + wait * 1000;
    } catch (error) {
      say("Sem resposta; será enviado de novo:", error);
    } finally { clearTimeout(limit); }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * Math.pow(2, failures++));
    pausedUntil = now() + pause * (0.5 + Math.random() / 2);
    return false;
  }

  /* Nobody hears whether a beacon arrived: what it carries is sent again, and counts once. */
  function leave() {
    if (!navigator.sendBeacon || now() < refusedUntil) return;
    waiting().forEach((name) => {
      const text = box.get(name);
      if (!text || carried.has(name)) return;
      if (navigator.sendBeacon(address + "?key=" + encodeURIComponent(key), text)) carried.add(name);
    });
  }

  /* ---- What a visitor had said is shown pressed on the next visit. ---- */

  function given() {
    try { return Object(JSON.parse(box.get(GIVEN) || "{}")); } catch (error) { return {}; }
  }

  function remember(name, value) {
    const all = given();
    delete all[name]; // so that it becomes the newest
    if (value) all[name] = value;
    const names = Object.keys(all);
    names.slice(0, Math.max(0, names.length - REMEMBERED)).forEach((old) => { delete all[old]; });
    box.set(GIVEN, JSON.stringify(all));
  }

  /* ---- The buttons. ---- */

  function text(name, number) {
    const own = set["text" + name[0].toUpperCase() + name.slice(1)];
    return (own === undefined ? TEXTS[name] : own).replace("{n}", number);
  }

  function element(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    Object.keys(attributes).forEach((name) => made.setAttribute(name, attributes[name]));
    made.append(...inside);
    return made;
  }

  function button(sign, label, act) {
    const attributes = { type: "button", "aria-pressed": "false" };
    if (label) Object.assign(attributes, { "aria-label": label, title: label });
    else delete attributes["aria-pressed"];
    const made = element("button", attributes, sign);
    made.addEventListener("click", safely(act));
    return made;
  }

  const press = (one, on) => one.setAttribute("aria-pressed", String(on));

  function choice(label, values) {
    const name = (value) => value.replace(/_./g, (part) => part[1].toUpperCase());
    return element("select", { "aria-label": label }, element("option", { value: "" }, label),
      ...values.map((value) => element("option", { value }, text(name(value)))));
  }

  function form(label, send, ...before) {
    const field = element("textarea", { "aria-label": label, placeholder: label,
      maxlength: LONGEST_COMMENT });
    const made = element("div", { class: "form", hidden: "" }, ...before, field,
      button(text("send"), "", () => send(field.value.trim())));
    made.field = field;
    return made;
  }

  function thumbs(turn) {
    const status = element("span", { class: "words", role: "status" });
    const name = "turn " + turn;
    const said = (value) => {
      press(good, value === "good");
      press(bad, value === "bad");
      why.hidden = value !== "bad";
    };
    const choose = (value) => () => {
      const taken = (value === "good" ? good : bad).getAttribute("aria-pressed") === "true";
      give(taken ? { kind: "withdrawn", turn } : { kind: "reaction", turn, positive: value === "good" });
      remember(name, taken ? "" : value);
      said(taken ? "" : value);
      status.textContent = taken ? "" : text("thanks");
    };
    const good = button("👍", text("good"), choose("good"));
    const bad = button("👎", text("bad"), choose("bad"));
    const kind = choice(text("problem"), PROBLEMS);
    const why = form(text("why"), (comment) => {
      const problem = kind.value;
      if (!problem && !comment) return kind.focus();
      give(problem ? { kind: "problem", turn, problem, comment } :
        { kind: "reaction", turn, positive: false, comment });
      why.hidden = true;
      kind.value = why.field.value = "";
      status.textContent = text("thanks");
      bad.focus();
    }, kind);
    said(given()[name]);
    why.hidden = true; // asked only of who has just pressed
    return [element("div", { class: "line", role: "group", "aria-label": text("group") },
      good, bad, status), why];
  }

  function stars(conversation) {
    const name = "conversation " + conversation;
    const status = element("span", { class: "words", role: "status" });
    let chosen = 0;
    const light = (number) => all.forEach((one, at) => {
      one.textContent = at < number ? "★" : "☆";
      press(one, at + 1 === number);
    });
    const all = [1, 2, 3, 4, 5].map((number) =>
      button("☆", number === 1 ? text("star") : text("stars", number), () => {
        light(chosen = number);
        more.hidden = false;
      }));
    const close = (number) => {
      light(number);
      all.forEach((one) => { one.disabled = true; });
      more.hidden = true;
    };
    const more = form(text("comment"), (comment) => {
      give({ kind: "rating", conversation, stars: chosen, comment });
      remember(name, chosen);
      close(chosen);
      status.textContent = text("thanks");
    });
    if (given()[name]) close(Number(given()[name]));
    return [element("div", { class: "line", role: "group", "aria-label": text("rate") },
      element("span", { class: "words", "aria-hidden": "true" }, text("rate")), ...all, status),
    more];
  }

  /* The site's styles do not come in and ours do not go out; nor do clicks and keys. */
  function place(parts) {
    const host = element("div", { "data-bancada-feedback": "" });
    const root = host.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet(); // unlike an element it needs no leave from the site's CSP
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch (error) { root.append(element("style", {}, STYLE)); }
    root.append(element("div", { class: "box" }, ...parts));
    ["click", "keydown", "keypress", "keyup"].forEach((kind) =>
      host.addEventListener(kind, (event) => event.stopPropagation()));
    return host;
  }

  const placed = new WeakMap();

  /* Put the buttons where they are missing: pages of our day write themselves anew at any time. */
  const scan = safely(() => {
    [[TURN, thumbs], [CONVERSATION, stars]].forEach(([attribute, make]) =>
      document.querySelectorAll("[" + attribute + "]").forEach(safely((marked) => {
        const name = marked.getAttribute(attribute).trim();
        const known = placed.get(marked) || {};
        const last = known[attribute];
        if (last && last.name !== name) last.host.remove();
        if (!name) return;
        if (!last || last.name !== name) {
          known[attribute] = { name, host: place(make(name)) };
          placed.set(marked, known);
        }
        const host = known[attribute].host;
        if (host.parentNode !== marked) marked.append(host);
      })));
  });

  safely(() => {
    if (window.bancadaFeedback) return; // a second copy of this script
    window.bancadaFeedback = true;
    let planned = 0;
    new MutationObserver(() => {
      planned = planned || setTimeout(() => { planned = 0; scan(); }, LINGER);
    }).observe(document.documentElement, {
      childList: true, subtree: true, attributes: true, attributeFilter: [TURN, CONVERSATION],
    });
    scan();
    window.addEventListener("online", safely(() => { failures = pausedUntil = 0; plan(0); }));
    window.addEventListener("pagehide", safely(leave));
    document.addEventListener("visibilitychange", safely(() => {
      if (document.visibilityState === "hidden") return leave();
      carried.clear();
      plan(LINGER);
    }));
    if (waiting().length) plan(LINGER);
  })();
})();
