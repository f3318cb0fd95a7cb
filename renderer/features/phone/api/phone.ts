import { bridge } from "@renderer/lib/bridge";
import type { AdbState, PhoneFileKind, PhoneShare } from "@shared/models/phone";
import { type QueryClient, skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** By the share: another window may open one of its own, which ends this one. */
const shareKey = (id: string | undefined) => ["phone", "share", id] as const;
const adbKey = ["phone", "adb"] as const;
/** Well within the minutes after which the services take the window for gone. */
const stayMs = 20_000;

/**
 * Shares an adapter for as long as the component that calls this is shown. What is told in between is in the cache; `again`
 * opens it anew after it has ended.
 */
export function usePhoneShare(adapterId: string): {
  readonly share: PhoneShare | null;
  readonly error: Error | null;
  readonly again: () => void;
} {
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState<{ readonly id: string } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round opens it again.
  useEffect(() => {
    let shown = true;
    setOpened(null);
    setError(null);
    const opening = bridge().phone.open({ adapterId });
    opening.then(
      (share) => {
        if (!shown) return;
        queryClient.setQueryData(shareKey(share.id), share);
        setOpened(share);
      },
      (failure: Error) => shown && setError(failure),
    );
    const close = () => void opening.then(({ id }) => bridge().phone.close({ id })).catch(() => undefined);
    addEventListener("pagehide", close);
    return () => {
      shown = false;
      removeEventListener("pagehide", close);
      close();
    };
  }, [adapterId, round, queryClient]);
  const id = opened?.id;
  useEffect(() => {
    if (id === undefined) return;
    const timer = setInterval(
      () =>
        void bridge()
          .phone.stay({ id })
          .catch(() => undefined),
      stayMs,
    );
    return () => clearInterval(timer);
  }, [id]);
  const { data } = useQuery<PhoneShare | null>({ queryKey: shareKey(id), queryFn: skipToken });
  return {
    share: data ?? null,
    error,
    again: () => setRound(round + 1),
  };
}

function usePhoneMutation<Input>(mutationFn: (input: Input) => Promise<PhoneShare>) {
  const queryClient = useQueryClient();
  return useMutation({ mutationFn, onSuccess: (share) => queryClient.setQueryData(shareKey(share.id), share) });
}

export const useChooseAddress = () => usePhoneMutation((address: string) => bridge().phone.choose({ address }));
export const useRenewCode = () => usePhoneMutation((_: undefined) => bridge().phone.renew());
export const usePrepareFile = () => usePhoneMutation((kind: PhoneFileKind) => bridge().phone.prepare({ kind }));

/** Looked for again every few seconds, as phones are plugged in. */
export function useAdb(): AdbState | null {
  const query = useQuery({
    queryKey: adbKey,
    queryFn: () => bridge().phone.adb(),
    refetchInterval: ({ state }) => (state.data?.found ? 5_000 : false),
  });
  return query.data ?? null;
}

export function useAdbPush() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: { serial: string; kind: PhoneFileKind }) => bridge().phone.push(input),
    onSuccess: (state) => queryClient.setQueryData(adbKey, state),
  });
}

export function followPhone(queryClient: QueryClient): () => void {
  const stops = [
    bridge().phone.changed((share) => void queryClient.setQueryData(shareKey(share.id), share)),
    bridge().phone.adbChanged((state) => void queryClient.setQueryData(adbKey, state)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
