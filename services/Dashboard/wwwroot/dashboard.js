// What the pages need of the browser itself: times that go on by themselves, what the user prefers, and keys. Nothing is fetched, and nothing is kept but two choices.

const root = document.documentElement;

/** Every time that is on the page. */
const shown = new Set();

// ---- The moment, as the API told it last. It may not be this machine's: a practice account's time runs faster.
let told = null;
let heardAt = 0;

const now = () => told === null ? Date.now() : told + (performance.now() - heardAt);

customElements.define('ds-now', class extends HTMLElement {
  static observedAttributes = ['at'];
  attributeChangedCallback(name, before, at) {
    const moment = Date.parse(at ?? '');
    if (!Number.isNaN(moment)) {
      told = moment;
      heardAt = performance.now();
      showAll();
    }
  }
});

// ---- Times: exact, in UTC or where the browser is, and how far away they are.

const two = (n) => String(n).padStart(2, '0');

function exact(date) {
  if (root.dataset.clock !== 'local') {
    return date.toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
  }
  const offset = -date.getTimezoneOffset();
  const zone = (offset < 0 ? '-' : '+') + two(Math.floor(Math.abs(offset) / 60)) + ':' + two(Math.abs(offset) % 60);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

/** Since when this place has been how many minutes ahead of UTC: from 2012 until a year from now, which is long enough for everything that is shown. */
function offsets() {
  const day = 86400000;
  const found = [];
  const ahead = (at) => -new Date(at).getTimezoneOffset();
  for (let at = Date.UTC(2012, 0, 1); at < Date.now() + 366 * day; at += day) {
    if (found.length === 0) {
      found.push([at, ahead(at)]);
    } else if (ahead(at) !== found.at(-1)[1]) {
      let [before, after] = [at - day, at];
      while (after - before > 60000) {
        const middle = before + Math.floor((after - before) / 120000) * 60000;
        if (middle === before) {
          break;
        }
        [before, after] = ahead(middle) === found.at(-1)[1] ? [middle, after] : [before, middle];
      }
      found.push([after, ahead(after)]);
    }
  }
  return found;
}

// Asked for by the page's own program, which draws times and counts by the day.
window.doSnapshotTimes = () => ({ clock: root.dataset.clock, offsets: offsets() });

function relative(ms) {
  const seconds = Math.abs(ms) / 1000;
  const span = seconds < 60 ? `${Math.floor(seconds)} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h`
    : `${(seconds / 86400).toFixed(1)} d`;
  return seconds < 1 ? 'now' : ms > 0 ? `in ${span}` : `${span} ago`;
}

customElements.define('ds-time', class extends HTMLElement {
  static observedAttributes = ['at'];
  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    this.exactly = document.createElement('time');
    this.exactly.part = 'exact';
    this.distance = document.createElement('span');
    this.distance.part = 'relative';
    shadow.append(this.exactly, ' ', this.distance);
  }
  connectedCallback() { shown.add(this); this.show(); }
  disconnectedCallback() { shown.delete(this); }
  attributeChangedCallback() { this.show(); }
  show() {
    const date = new Date(this.getAttribute('at') ?? '');
    if (Number.isNaN(date.getTime())) {
      return;
    }
    // What has been is not to come, although the clock that told it may be a little ahead of the one that tells the moment.
    const away = date.getTime() - now();
    const texts = [exact(date), relative(this.hasAttribute('past') && away > 0 && away < 3600000 ? 0 : away)];
    if (this.exactly.textContent !== texts[0]) {
      this.exactly.textContent = texts[0];
      this.exactly.dateTime = date.toISOString();
    }
    if (this.distance.textContent !== texts[1]) {
      this.distance.textContent = texts[1];
    }
  }
});

// ---- What is longer than its place begins with the newest, which stands at its end.
customElements.define('ds-newest', class extends HTMLElement {
  connectedCallback() {
    // What is in it comes into the page together with it.
    requestAnimationFrame(() => { this.scrollLeft = this.scrollWidth; });
  }
});

function showAll() {
  for (const time of shown) {
    time.show();
  }
}

setInterval(showAll, 1000);

// ---- What the user prefers. The server writes it into the page, so that it is right from the first moment on.
function prefer(name, value) {
  root.dataset[name] = value;
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Strict`;
  showAll();
}

document.addEventListener('change', (e) => {
  const choice = e.target instanceof HTMLSelectElement ? e.target.dataset.prefer : undefined;
  if (choice === 'theme' || choice === 'clock') {
    prefer(choice, e.target.value);
  }
});

// A choice shows what is preferred whenever it comes into the page.
new MutationObserver(() => {
  for (const select of document.querySelectorAll('select[data-prefer]:not([data-set])')) {
    select.value = root.dataset[select.dataset.prefer];
    select.dataset.set = '';
  }
}).observe(document.body, { childList: true, subtree: true });

/** Whether nothing that is done here arrives: the connection is being made again. */
let isLost = false;

// ---- Keys: g and a letter goes to a page, / to the search, ? to the list of keys.
let leader = -Infinity;

document.addEventListener('keydown', (e) => {
  if (isLost) {
    return;
  }
  if (e.key === 'Escape' && !document.querySelector('.mud-dialog') && document.getElementById('keys')) {
    document.querySelector('[data-keys]')?.click();
    return;
  }
  const typing = e.target instanceof HTMLElement && (e.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName));
  if (typing || e.ctrlKey || e.metaKey || e.altKey) {
    return;
  }
  const led = performance.now() - leader < 1500;
  leader = -Infinity;
  if (led) {
    const link = [...document.querySelectorAll('a[data-go]')].find((a) => a.dataset.go === e.key);
    if (link) {
      e.preventDefault();
      link.click();
    }
  } else if (e.key === 'g') {
    leader = performance.now();
  } else if (e.key === '/') {
    const search = document.querySelector('[data-search] input, input[data-search]');
    if (search) {
      e.preventDefault();
      search.focus();
    }
  } else if (e.key === '?') {
    document.querySelector('[data-keys]')?.click();
  }
});

// ---- The connection to the dashboard is made again by itself. A dashboard that was started anew may not know who is signed in here, nor what is shown: then the page is loaded anew, by way of the sign-in.
const bar = document.getElementById('components-reconnect-modal');
let asking = null;

async function askAgain() {
  let answer;
  try {
    answer = await fetch('/', { redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(2500) });
  } catch {
    return; // Nothing answers yet.
  }
  const isUnknown = answer.type === 'opaqueredirect' || answer.status === 401;
  const hasGivenUp = /components-reconnect-(resume-)?failed/.test(bar.className);
  if (isUnknown || (hasGivenUp && answer.ok)) {
    location.reload();
  }
}

/** Neither the mouse nor a key does anything to what cannot answer; the key's place is as before when it can again. */
let focused = null;

function lose(lost) {
  if (lost && !isLost) {
    focused = document.activeElement?.closest('.shell, .mud-dialog-container') ? document.activeElement : null;
    focused?.blur();
  }
  isLost = lost;
  for (const part of document.querySelectorAll('.shell, .mud-dialog-container, .notices')) {
    part.inert = lost;
  }
  if (!lost) {
    focused?.focus();
    focused = null;
  }
}

bar?.addEventListener('components-reconnect-state-changed', (e) => {
  lose(e.detail.state !== 'hide');
  if (e.detail.state === 'rejected') {
    location.reload();
  } else if (e.detail.state === 'hide') {
    clearInterval(asking);
    asking = null;
  } else {
    asking ??= setInterval(askAgain, 3000);
  }
});
