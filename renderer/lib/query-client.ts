import { onLinkState } from "@renderer/lib/bridge";
import { onlineManager, QueryClient } from "@tanstack/react-query";

/**
 * Events keep the cache current, so nothing is asked again by time or focus; after a lost connection everything is. "Online" means
 * the link to Hone's own services: a machine without any network is a normal one.
 */
export function makeQueryClient(): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, gcTime: 30 * 60_000, retry: false, refetchOnWindowFocus: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
  onlineManager.setEventListener(() => undefined);
  onlineManager.setOnline(true);
  let lost = false;
  onLinkState((state) => {
    if (state === "lost" || state === "refused") lost = true;
    onlineManager.setOnline(state !== "lost" && state !== "refused");
    if (state === "open" && lost) {
      lost = false;
      void queryClient.invalidateQueries();
    }
  });
  return queryClient;
}
