import { findRoot, placesIn } from "@main/shell/places";
import { expect, it } from "vitest";

it("finds the root from a source file's folder", () => {
  const root = findRoot(import.meta.dirname);
  expect(placesIn(root).addon).toBe(`${root}/out/native/hone.node`);
  expect(placesIn(root).version).toMatch(/^\d+\.\d+\.\d+$/);
});

it("looks for what the system must open itself beside the archive", () => {
  const places = placesIn("/app/resources/app.asar");
  expect(places.addon).toBe("/app/resources/app.asar.unpacked/out/native/hone.node");
  expect(places.starter).toBe("/app/resources/app.asar.unpacked/main/starter");
  expect(places.renderer).toBe("/app/resources/app.asar/out/renderer");
});
