import { askFacts } from "@renderer/phone/api";
import type { PhonePageFacts } from "@shared/models/phone";
import { useCallback, useEffect, useState } from "react";

const pollMs = 1_000;

export interface Facts {
  readonly facts: PhonePageFacts | null;
  readonly error: unknown;
  /** Puts in what a call answered. */
  readonly set: (facts: PhonePageFacts) => void;
  readonly refresh: () => void;
}

/** What the computer shares. While something is on its way there, it is asked again each second. */
export function useFacts(): Facts {
  const [facts, setFacts] = useState<PhonePageFacts | null>(null);
  const [error, setError] = useState<unknown>(null);
  const set = useCallback((told: PhonePageFacts) => {
    setFacts(told);
    setError(null);
  }, []);
  const refresh = useCallback(() => void askFacts().then(set, setError), [set]);
  useEffect(refresh, [refresh]);
  const waits =
    facts !== null &&
    error === null &&
    (facts.probeState === "looking" ||
      facts.files.some(({ state }) => state === "preparing") ||
      facts.transfers.some(({ state }) => state === "running" || state === "broken"));
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(refresh, pollMs);
    return () => clearInterval(timer);
  }, [waits, refresh]);
  return { facts, error, set, refresh };
}
