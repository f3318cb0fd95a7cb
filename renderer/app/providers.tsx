import { followAdapters } from "@renderer/features/adapters/api/adapters";
import { followDatasets } from "@renderer/features/datasets/api/datasets";
import { followExports } from "@renderer/features/export/api/exports";
import { followModels } from "@renderer/features/models/api/models";
import { followPhone } from "@renderer/features/phone/api/phone";
import { followPlayground } from "@renderer/features/playground/hooks/playground-store";
import { followCheckpoints } from "@renderer/features/runs/api/checkpoints";
import { followRuns } from "@renderer/features/runs/api/runs";
import { followSweeps } from "@renderer/features/runs/api/sweeps";
import { followSettings } from "@renderer/features/settings/api/settings";
import { makeQueryClient } from "@renderer/lib/query-client";
import { Toaster } from "@renderer/ui/toast";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { followEndings } from "./endings";

const followers = [
  followModels,
  followDatasets,
  followRuns,
  followCheckpoints,
  followSweeps,
  followEndings,
  followAdapters,
  followExports,
  followSettings,
  followPlayground,
  followPhone,
];

export function Providers({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  useEffect(() => {
    const stops = followers.map((follow) => follow(queryClient));
    return () => {
      for (const stop of stops) stop();
    };
  }, [queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <Router hook={useHashLocation}>
        {children}
        <Toaster />
      </Router>
    </QueryClientProvider>
  );
}
