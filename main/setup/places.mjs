import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const out = path.join(root, "out");

/** Where everything that is built lies. `main/shell/places.ts` tells the running app the same. */
export const places = {
  out,
  stamps: path.join(out, "stamps"),
  logs: path.join(out, "logs"),
  native: path.join(out, "native"),
  addon: path.join(out, "native", "hone.node"),
  nativeTests: path.join(out, "native", process.platform === "win32" ? "hone_tests.exe" : "hone_tests"),
  nativeBench: path.join(out, "native", process.platform === "win32" ? "hone_bench.exe" : "hone_bench"),
  benchModels: path.join(out, "bench"),
  renderer: path.join(out, "renderer"),
  phone: path.join(out, "phone"),
  main: path.join(out, "main"),
  electron: path.join(out, "electron"),
  testResults: path.join(out, "test-results"),
};
