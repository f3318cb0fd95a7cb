export interface HeartbeatOptions {
  readonly intervalMs: number;
  /** So many intervals without an answer mean that the other side hangs. */
  readonly patience: number;
}

/**
 * Asks again and again whether the other side is alive. Counts missed intervals rather than time, so that a machine that was
 * asleep does not wake up to a wrong verdict. Returns its end.
 */
export function startHeartbeat(ping: () => Promise<void>, onHung: () => void, options: HeartbeatOptions): () => void {
  let missed = 0;
  let asking = false;
  const timer = setInterval(() => {
    if (asking) {
      missed += 1;
      if (missed >= options.patience) {
        clearInterval(timer);
        onHung();
      }
      return;
    }
    asking = true;
    missed = 0;
    ping()
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, options.intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
