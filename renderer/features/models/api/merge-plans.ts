import { bridge } from "@renderer/lib/bridge";
import { useQuery } from "@tanstack/react-query";

/** What merging an adapter into a model would come to, for every type. */
export function useMergePlans(modelId: string) {
  return useQuery({
    queryKey: ["models", modelId, "merge-plans"],
    queryFn: () => bridge().exports.mergePlansOfModel({ modelId }),
  });
}
