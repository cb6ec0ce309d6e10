// Clicks a link and tells how many milliseconds it takes until the page of that address shows something, and waits for nothing more.
([link, path, shows, waiting]) => new Promise((done, failed) => {
  const began = performance.now();
  const isThere = () => location.pathname.startsWith(path) && (path !== '/' || location.pathname === '/')
    && document.querySelector(shows) && !document.querySelector(waiting);
  const watch = new MutationObserver(() => look());
  const limit = setTimeout(() => failed(new Error(`${path} does not show ${shows}`)), 60000);
  const look = () => {
    if (isThere()) {
      watch.disconnect();
      clearTimeout(limit);
      // Seen is what was painted.
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    }
  };
  if (link) {
    watch.observe(document, { subtree: true, childList: true, attributes: true });
    document.querySelector(link).click();
  }
  look();
})
