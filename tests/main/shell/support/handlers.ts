import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

const info = {
  version: "0",
  shell: "served",
  platform: "test",
  dataFolder: "/d",
  homeFolder: "/h",
  memoryBytes: 1,
  cores: 1,
} as const;

/** Handlers that answer `app.info` and `models.add`; shells never look at the others. */
export const fewHandlers = {
  app: { info: () => info },
  models: { add: ({ path }: { path: string }) => Promise.reject(new Error(`no ${path}`)) },
} as unknown as Handlers<HoneContract>;

export { info };
