import { type ChildProcess, spawn } from "node:child_process";
import { keepAwake } from "@main/power/awake";
import { describe, expect, it } from "vitest";

/** Starts a program that stays as long as its pipe, in place of the system's own. */
function bench() {
  const started: { program: string; args: readonly string[]; child: ChildProcess }[] = [];
  const start = (program: string, args: readonly string[]) => {
    const script = "process.stdin.resume(); process.stdin.on('end', () => process.exit(0))";
    const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "ignore", "ignore"] });
    started.push({ program, args, child });
    return child;
  };
  return { started, start };
}

const exit = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));

describe("keeping the system awake", () => {
  it.each([
    ["linux", "systemd-inhibit", "--what=idle:sleep"],
    ["darwin", "caffeinate", "-i"],
    ["win32", "powershell.exe", "-NoProfile"],
  ] as const)("asks the program that %s has for it, and lets it go", async (platform, program, argument) => {
    const { started, start } = bench();
    const release = keepAwake(platform, start);
    expect(started).toHaveLength(1);
    expect(started[0]?.program).toBe(program);
    expect(started[0]?.args).toContain(argument);
    const gone = exit(started[0]?.child as ChildProcess);
    release();
    await gone;
    release();
  });

  it("never asks for the screen", () => {
    const { started, start } = bench();
    for (const platform of ["linux", "darwin", "win32"] as const) keepAwake(platform, start)();
    const words = started.flatMap(({ args }) => args).join(" ");
    expect(words).not.toMatch(/-d\b|display|DISPLAY/);
  });

  it("does nothing where there is no such program", async () => {
    keepAwake("freebsd")();
    let failed = false;
    const release = keepAwake("linux", () => {
      const child = spawn("/no/such/program", [], { stdio: ["pipe", "ignore", "ignore"] });
      child.on("error", () => {
        failed = true;
      });
      return child;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(failed).toBe(true);
    release();
  });
});
