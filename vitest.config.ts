import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const alias = { "@shared": folder("shared"), "@main": folder("main"), "@renderer": folder("renderer") };

/** unit: everything that needs no browser, mirroring the source tree. e2e: the served shell in a real browser.
 * On request: screenshots, every page as a picture; frames, how smoothly long curves are drawn; crosscheck, the engine beside
 * llama.cpp; compat, exports in other runtimes. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["tests/{shared,main,renderer,binding}/**/*.test.{ts,tsx}"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          pool: "forks",
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: { name: "screenshots", include: ["tests/screenshots/*.shot.ts"] },
      },
      {
        resolve: { alias },
        test: { name: "frames", include: ["tests/frames/*.frames.ts"] },
      },
      {
        resolve: { alias },
        test: { name: "crosscheck", include: ["tests/crosscheck/*.cross.ts"], testTimeout: 120_000 },
      },
      {
        resolve: { alias },
        test: {
          name: "compat",
          include: ["tests/compat/*.compat.ts"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
