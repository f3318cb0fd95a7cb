import { dataFolder } from "@main/shell/data-folder";
import { expect, it } from "vitest";

it("prefers what was asked for over the environment over the platform's place", () => {
  expect(dataFolder("/a", { HONE_DATA: "/b" }, "linux")).toBe("/a");
  expect(dataFolder(undefined, { HONE_DATA: "/b" }, "linux")).toBe("/b");
  expect(dataFolder(undefined, { XDG_DATA_HOME: "/x" }, "linux")).toBe("/x/hone");
  expect(dataFolder(undefined, {}, "linux")).toMatch(/\/\.local\/share\/hone$/);
  expect(dataFolder(undefined, {}, "darwin")).toMatch(/Application Support\/Hone$/);
});
