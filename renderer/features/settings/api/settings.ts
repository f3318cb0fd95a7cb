import { bridge } from "@renderer/lib/bridge";
import type { EngineState } from "@shared/ipc/contract";
import type { Settings } from "@shared/models/settings";
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export const settingsQuery = () => queryOptions({ queryKey: ["settings"], queryFn: () => bridge().settings.get() });
export const useSettings = () => useQuery(settingsQuery());

/** Shows the choice at once and takes it back when it could not be stored. */
export function useChangeSettings() {
  const queryClient = useQueryClient();
  const { queryKey } = settingsQuery();
  return useMutation({
    mutationFn: (change: Partial<Settings>) => bridge().settings.set(change),
    onMutate: (change) => {
      const before = queryClient.getQueryData(queryKey);
      queryClient.setQueryData(queryKey, (settings) => settings && { ...settings, ...change });
      return { before };
    },
    onSuccess: (settings) => queryClient.setQueryData(queryKey, settings),
    onError: (_, __, context) => context?.before && queryClient.setQueryData(queryKey, context.before),
  });
}

export const appInfoQuery = () => queryOptions({ queryKey: ["app"], queryFn: () => bridge().app.info() });
export const useAppInfo = () => useQuery(appInfoQuery());

const enginesQuery = () => queryOptions({ queryKey: ["engines"], queryFn: () => bridge().app.engines() });
export const useEngines = () => useQuery(enginesQuery());

const devicesQuery = () => queryOptions({ queryKey: ["devices"], queryFn: () => bridge().devices.list() });
export const useDevices = () => useQuery(devicesQuery());

export function followSettings(queryClient: QueryClient): () => void {
  const stops = [
    bridge().devices.changed(() => void queryClient.invalidateQueries({ queryKey: devicesQuery().queryKey })),
    bridge().settings.changed((settings) => void queryClient.setQueryData(settingsQuery().queryKey, settings)),
    bridge().app.engineChanged((engine) => {
      queryClient.setQueryData(
        enginesQuery().queryKey,
        (engines: readonly EngineState[] | undefined) =>
          engines &&
          (engines.some(({ role }) => role === engine.role)
            ? engines.map((old) => (old.role === engine.role ? engine : old))
            : [...engines, engine]),
      );
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
