import { describe, expect, it } from "vitest";
import { isInstalled, runCommand } from "../../../main/setup/run-command.mjs";

const node = (script: string, options = {}) => runCommand(process.execPath, ["-e", script], options);

describe("a command", () => {
  it("gives its exit code and the last of its output", async () => {
    expect(await node("console.log('out'); console.error('err'); process.exit(3)")).toMatchObject({
      code: 3,
      timedOut: false,
      missing: false,
    });
    const { tail } = await node("console.log('x'.repeat(100000)); console.log('the end')");
    expect(tail.length).toBeLessThan(20_000);
    expect(tail).toMatch(/the end\n$/);
  });

  it("is ended at its time limit", async () => {
    expect(await node("setInterval(() => {}, 1000)", { timeout: 300 })).toMatchObject({ code: null, timedOut: true });
  });

  it("that is not there is told apart", async () => {
    expect(await runCommand("no-such-program-of-hone", [])).toMatchObject({ code: null, missing: true });
    expect(await isInstalled("no-such-program-of-hone")).toBe(false);
  });
});
