import { startFlags } from "@main/shell/flags";
import { describe, expect, it } from "vitest";

describe("start flags", () => {
  it("have defaults", () => {
    expect(startFlags([])).toEqual({ port: 0, data: undefined, open: true });
  });

  it("are read", () => {
    expect(startFlags(["--served", "--port", "8080", "--data", "/d", "--no-open"])).toEqual({
      port: 8080,
      data: "/d",
      open: false,
    });
  });

  it.each([[["--port", "http"]], [["--port", "70000"]], [["--colour"]], [["file"]]])("refuse %j", (flags) => {
    expect(() => startFlags(flags)).toThrow(expect.objectContaining({ code: "app.flag" }));
  });
});
