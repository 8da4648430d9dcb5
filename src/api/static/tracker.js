/* Bancada: tells a site's interactions to POST /api/interactions/batch. See docs/tracker.md.
   Never throws and never blocks. No cookies, no third party, nothing but the documented fields. */
(function () {
  "use strict";

  const QUEUE = "bancada.event.", SESSION = "bancada.session", CHOICE = "bancada.choice";
  const LINGER = 300; // ms, so that what happens together travels together
  const BUSY = 1000, TIMEOUT = 20000, FIRST_PAUSE = 1000, LONGEST_PAUSE = 300000;
  const MOST_EVENTS = 500, MOST_CHARACTERS = 250000, OLDEST = 7 * 24 * 3600 * 1000;
  // A character is at most three bytes, and browsers let 64 KiB outlive a page.
  const BATCH_CHARACTERS = 16000, EVENT_CHARACTERS = 8000, LONGEST_VIEW = 86400;
  const REFUSED = [400, 413, 415, 422]; // the same again would be refused again
  const ONE = /^events\.\d/; // an error of one event, by its position
  const CAR = ["marca", "modelo", "ano", "preco", "categoria"];
  const PREFERENCES = ["budget_min", "budget_max", "usage"];
  const PRIORITIES = ["economia", "espaco", "performance", "conforto", "seguranca"];

  const now = () => performance.now(); // unlike the clock it never goes back

  function random(length) {
    const letters = "abcdefghijklmnopqrstuvwxyz012345";
    const bytes = new Uint8Array(length);
    if (window.crypto && crypto.getRandomValues) crypto.getRandomValues(bytes);
    else bytes.forEach((_, at) => { bytes[at] = Math.random() * 256; });
    return Array.from(bytes, (byte) => letters[byte & 31]).join("");
  }

  /* Only texts, numbers and the like: an object in place of one may hold what nobody should send. */
  const plain = (value) => Object(value) === value ? undefined : value;

  function pick(source, names) {
    const found = {};
    if (source) names.forEach((name) => { found[name] = plain(source[name]); });
    return found;
  }

  /* The browser's storage; what it does not take (blocked, full) lasts as long as the page. */
  function Box(kind) {
    const page = new Map();
    let real = null;
    try { real = window[kind]; } catch (error) { /* blocked */ }
    const attempt = (work) => { try { return work(); } catch (error) { return undefined; } };
    this.get = (key) => page.has(key) ? page.get(key) : real && attempt(() => real.getItem(key));
    this.set = (key, value) => {
      try { real.setItem(key, value); page.delete(key); } catch (error) { page.set(key, value); }
    };
    this.remove = (key) => { page.delete(key); if (real) attempt(() => real.removeItem(key)); };
    this.keys = (prefix) => {
      const stored = real && attempt(() => Object.keys(real)) || [];
      const held = stored.filter((key) => key.startsWith(prefix));
      page.forEach((_, key) => { if (key.startsWith(prefix)) held.push(key); });
      return held.sort();
    };
  }

  /* One tab at a time sends; where locks are missing, event ids make doubles harmless. */
  function alone(work) {
    if (!navigator.locks) return work();
    return navigator.locks
      .request("bancada.queue", { ifAvailable: true }, (lock) => lock ? work() : BUSY)
      .catch(work);
  }

  function InteractionTracker(options) {
    const settings = Object.assign({ api: "", key: "", debug: false, consent: "" }, options);
    const url = String(settings.api).replace(/\/+$/, "") + "/api/interactions/batch";
    const local = new Box("localStorage"), session = new Box("sessionStorage");
    let timer = 0, due = 0, busy = false, added = 0, most = MOST_EVENTS;
    let failures = 0, pausedUntil = 0, refusedUntil = 0, view = null, beacon = "";

    const say = (...words) => {
      if (settings.debug) console.info("[InteractionTracker]", ...words);
    };
    const safely = (work, otherwise) => (...given) => {
      try { return work(...given); } catch (error) { say("Erro:", error); return otherwise; }
    };
    const allowed = () => {
      const choice = local.get(CHOICE);
      return settings.consent === "required" ? choice === "in" : choice !== "out";
    };

    function sessionId() {
      let id = session.get(SESSION);
      if (!id) {
        id = "sess_" + Date.now() + "_" + random(12);
        session.set(SESSION, id);
        say("Inicializado com session_id: " + id);
      }
      return id;
    }

    function make(type, carId, preferences, car, score) {
      const wanted = pick(preferences, PREFERENCES);
      wanted.priorities = pick(preferences && preferences.priorities, PRIORITIES);
      return {
        id: "int_" + random(24), session_id: sessionId(), interaction_type: type,
        car_id: plain(carId), timestamp: new Date().toISOString(), user_preferences: wanted,
        car_details: pick(car, CAR), match_score: plain(score), duration_seconds: null,
      };
    }

    /* One key an event: tabs add and remove without overwriting one another's. */
    function add(event) {
      if (!allowed()) return;
      const text = JSON.stringify(event);
      if (text.length > EVENT_CHARACTERS) return say("Evento grande demais:", event.id);
      local.set(QUEUE + Date.now() + "." + event.id, text);
      if (++added % 50 === 0) waiting();
      plan(LINGER);
    }

    /* What waits, oldest first; what is too old or too much is dropped. */
    function waiting() {
      let characters = 0;
      const kept = [];
      local.keys(QUEUE).reverse().forEach((key) => {
        const text = local.get(key);
        if (!text) return; // another tab has sent it
        characters += text.length;
        const old = Date.now() - Number(key.slice(QUEUE.length).split(".")[0]) > OLDEST;
        if (old || kept.length >= MOST_EVENTS || characters > MOST_CHARACTERS) local.remove(key);
        else kept.push({ key, text });
      });
      return kept.reverse();
    }

    function batch() {
      let characters = 0;
      return waiting().slice(0, most).filter((entry) => {
        characters += entry.text.length + 1;
        return characters <= BATCH_CHARACTERS;
      });
    }

    const body = (entries) => '{"events":[' + entries.map((entry) => entry.text).join() + "]}";
    const NOTHING = body([]);
    const drop = (entries) => entries.forEach((entry) => local.remove(entry.key));

    function plan(milliseconds) {
      const at = Math.max(now() + milliseconds, pausedUntil, refusedUntil);
      if (timer && due <= at) return;
      clearTimeout(timer);
      due = at;
      timer = setTimeout(() => { timer = 0; flush(); }, at - now());
    }

    function flush() {
      if (busy || now() < Math.max(pausedUntil, refusedUntil)) return plan(busy ? BUSY : 1);
      busy = true;
      const done = (wait) => { busy = false; if (wait) plan(wait); };
      Promise.resolve().then(() => alone(send)).then(done, () => done(LONGEST_PAUSE));
    }

    /* Send until nothing waits; return how long to leave it, or nothing. */
    async function send() {
      while (allowed()) {
        const entries = batch();
        if (!entries.length) return 0;
        if (navigator.onLine === false) return LONGEST_PAUSE; // or when the browser says so
        const outcome = await post(entries);
        if (outcome === "again") return 1;
        if (outcome === "refused") {
          if (entries.length === 1) drop(entries);
          most = Math.max(1, entries.length >> 1); // find the one that is to blame
        } else {
          drop(entries);
          most = MOST_EVENTS;
        }
      }
      return 0;
    }

    async function post(entries) {
      const abort = window.AbortController ? new AbortController() : { abort() {} };
      const limit = setTimeout(() => abort.abort(), TIMEOUT);
      let status = 0, retryAfter = null;
      try {
        const answer = await fetch(url, {
          method: "POST", mode: "cors", credentials: "omit", keepalive: true, signal: abort.signal,
          headers: { "Content-Type": "application/json", "X-API-Key": settings.key },
          body: body(entries),
        });
        status = answer.status;
        retryAfter = answer.headers.get("Retry-After");
        const said = await answer.json();
        // Of a batch without any valid event each was looked at, too, and counted as refused.
        const looked = status === 422 && (said.errors || []).some((one) => ONE.test(one.field));
        if (looked || answer.ok && said.status === "success") {
          failures = pausedUntil = refusedUntil = 0;
          report(entries, said.rejected || said.errors || []);
          return "sent";
        }
        say("Resposta " + status + ":", said);
      } catch (error) {
        say("Sem resposta; será enviado de novo:", error);
      } finally {
        clearTimeout(limit);
      }
      if (REFUSED.includes(status)) return "refused";
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * Math.pow(2, failures++));
      pausedUntil = now() + pause * (0.5 + Math.random() / 2);
      refusedUntil = now() + Math.min(3600, Number(retryAfter) || 0) * 1000;
      return "again";
    }

    function report(entries, rejected) {
      if (!settings.debug) return;
      const problems = {};
      rejected.forEach((one) => {
        problems[one.field ? one.field.split(".")[1] : one.position] = one.problems || one;
      });
      entries.forEach((entry, at) => {
        const type = JSON.parse(entry.text).interaction_type;
        if (problems[at]) say("Evento recusado: " + type, problems[at]);
        else say("Evento enviado: " + type, { status: "success" });
      });
    }

    /* Nobody hears whether a beacon arrived, so what it carries stays until an answer comes. */
    function leave() {
      if (view) view.end();
      const text = allowed() && now() >= refusedUntil ? body(batch()) : NOTHING;
      if (text === NOTHING || text === beacon || !navigator.sendBeacon) return;
      const address = url + "?key=" + encodeURIComponent(settings.key);
      if (navigator.sendBeacon(address, text)) beacon = text; // a page hides and then goes
    }

    const track = (type) => safely((...given) => { if (allowed()) add(make(type, ...given)); });
    this.trackCarClick = track("click");
    this.trackWhatsAppClick = track("whatsapp_contact");
    this.trackImpression = track("impression");

    const NO_VIEW = { end() {} };
    this.trackViewDetails = safely((carId, preferences, car, score, seconds) => {
      if (!allowed()) return NO_VIEW;
      const event = make("view_details", carId, preferences, car, score);
      if (seconds !== undefined && seconds !== null) {
        event.duration_seconds = plain(seconds);
        add(event);
        return NO_VIEW;
      }
      if (view) view.end(); // a person looks at one car at a time
      const began = now();
      const own = {};
      own.end = safely(() => {
        if (view !== own) return;
        view = null;
        event.duration_seconds = Math.min(LONGEST_VIEW, Math.round((now() - began) / 100) / 10);
        add(event);
      });
      return view = own;
    }, NO_VIEW);

    this.optOut = safely(() => {
      view = null;
      local.keys(QUEUE).forEach(local.remove);
      session.remove(SESSION);
      local.set(CHOICE, "out");
    });
    this.optIn = safely(() => local.set(CHOICE, "in"));

    window.addEventListener("online", safely(() => { pausedUntil = failures = 0; plan(0); }));
    window.addEventListener("pagehide", safely(leave));
    document.addEventListener("visibilitychange", safely(() => {
      if (document.visibilityState === "hidden") return leave();
      beacon = "";
      plan(LINGER);
    }));
    safely(() => { if (allowed()) sessionId(); plan(LINGER); })();
  }

  try {
    if (window.InteractionTracker) return; // a second copy of this script
    const script = document.currentScript || document.querySelector("script[data-key]");
    const set = script ? script.dataset : {};
    window.InteractionTracker = InteractionTracker;
    window.interactionTracker = new InteractionTracker({
      api: set.api || (script && script.src ? new URL(".", script.src).href : ""),
      key: set.key || "", debug: "debug" in set, consent: set.consent || "",
    });
  } catch (error) { /* an older browser: the site goes on without */ }
})();
