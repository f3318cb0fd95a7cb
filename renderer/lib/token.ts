const key = "hone.token";
const pattern = /^#\/?token=([A-Za-z0-9_.~-]+)/;

/**
 * The served shell's address carries `#token=…` once. It is kept for this tab only and taken out of the address, so that it is not
 * copied or bookmarked by accident; the hash is the router's from then on.
 */
export function takeToken(): string | null {
  const match = pattern.exec(location.hash);
  if (match?.[1]) {
    sessionStorage.setItem(key, match[1]);
    history.replaceState(history.state, "", `${location.pathname}${location.search}#/`);
  }
  return sessionStorage.getItem(key);
}

/** A new address opened in the same tab changes only the hash, which loads nothing by itself. */
export function reloadOnNewToken(): void {
  addEventListener("hashchange", () => {
    if (!pattern.test(location.hash)) return;
    takeToken();
    location.reload();
  });
}
