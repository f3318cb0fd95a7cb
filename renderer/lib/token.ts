const key = "hone.token";

/**
 * The served shell's address carries `#token=…` once. It is kept for this tab only and taken out of the address, so that it is not
 * copied or bookmarked by accident; the hash is the router's from then on.
 */
export function takeToken(): string | null {
  const match = /^#\/?token=([A-Za-z0-9_.~-]+)/.exec(location.hash);
  if (match?.[1]) {
    sessionStorage.setItem(key, match[1]);
    history.replaceState(history.state, "", `${location.pathname}${location.search}#/`);
  }
  return sessionStorage.getItem(key);
}
