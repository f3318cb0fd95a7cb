import type { Playground } from "@main/playground/playground";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function playgroundHandlers(playground: Playground): Handlers<HoneContract>["playground"] {
  return {
    generate: (request) => playground.generate(request),
    stop: ({ generationId }) => playground.stop(generationId),
  };
}
