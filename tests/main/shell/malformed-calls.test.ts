import { join } from "node:path";
import { contract } from "@shared/ipc/contract";
import { describe, expect, it } from "vitest";
import { callsOf, type JsonSchema, mutations, sample, schemaOf } from "../../support/malformed";
import { recipeWith } from "../../support/recipe";
import { openStudio, stock } from "../../support/studio";

// Whoever can send a message can send any message. Each call of the contract gets what no window of ours would send.

const calls = callsOf(contract);

const hostilePaths = [
  "../../../../etc/passwd",
  "/etc/passwd\0.gguf",
  "/proc/self/environ",
  "/dev/zero",
  "\\\\server\\share\\x.gguf",
  "file:///etc/passwd",
  "http://127.0.0.1/x",
  "",
  "x".repeat(5_000),
];

describe("every call of the contract", () => {
  it.each(calls)("refuses what does not fit, typed, before its service hears of it: $path", async ({ path, input }) => {
    const studio = await openStudio();
    const valid = sample(schemaOf(input));
    // Else each of the changes to it would be refused for another reason.
    expect(input.safeParse(valid)).toMatchObject({ success: true });
    let refused = 0;
    for (const payload of mutations(valid)) {
      if (input.safeParse(payload).success) continue;
      await expect(studio.call(path, payload), JSON.stringify(payload)?.slice(0, 200)).rejects.toMatchObject({
        code: "ipc.input",
      });
      refused += 1;
    }
    expect(refused).toBeGreaterThan(10);
    expect(({} as { id?: string }).id).toBeUndefined();
  });

  it.each(calls)("takes no text, list or number without a limit: $path", ({ path, input }) => {
    const unlimited: string[] = [];
    const walk = (schema: JsonSchema, place: string) => {
      for (const each of schema.anyOf ?? []) walk(each, place);
      for (const [name, inner] of Object.entries(schema.properties ?? {})) walk(inner, `${place}.${name}`);
      if (schema.enum || schema.const !== undefined) return;
      if (schema.type === "string" && schema.maxLength === undefined) unlimited.push(place);
      if (schema.type === "array") {
        if (schema.maxItems === undefined && !schema.items?.enum) unlimited.push(place);
        walk(schema.items ?? {}, `${place}[]`);
      }
      const isNumber = schema.type === "number" || schema.type === "integer";
      if (isNumber && (schema.maximum === undefined || (schema.minimum ?? schema.exclusiveMinimum) === undefined))
        unlimited.push(place);
    };
    walk(schemaOf(input), path);
    expect(unlimited).toEqual([]);
  });

  it("answers hostile paths and unknown ids with a code, never with a surprise", async () => {
    const studio = await openStudio();
    const { model, dataset } = await stock(studio);
    const folder = join(studio.folder, "data");
    const known = { modelId: model.id, datasetId: dataset.id, recipe: recipeWith(), goal: "format" };
    for (const { path, input } of calls) {
      const { properties = {} } = schemaOf(input);
      const places = Object.keys(properties).filter((name) => /^(path|folder)$|[iI]d$/.test(name));
      for (const place of places) {
        for (const hostile of hostilePaths) {
          const payload = { ...(sample(schemaOf(input)) as object), ...pick(known, properties), [place]: hostile };
          // A folder that exists may be looked at: that is what the picker is for.
          const answer = await studio.call(path, payload).catch((error: unknown) => error);
          if (!(answer instanceof Error)) continue;
          expect(answer, `${path} with ${place} ${JSON.stringify(hostile.slice(0, 80))}`).toMatchObject({
            code: expect.stringMatching(/^(?!internal$)[a-z-]+\.[a-z-]+$/),
          });
        }
      }
    }
    expect((await studio.client.models.list()).map(({ id }) => id)).toEqual([model.id]);
    expect((await studio.client.app.info()).dataFolder).toBe(folder);
  });

  it.each([
    "",
    "runs",
    "runs.",
    ".list",
    "runs.changed",
    "runs.__proto__",
    "__proto__.list",
    "constructor.name",
    "runs.list.x",
  ])("is known by its own name only: %j", async (path) => {
    const studio = await openStudio();
    await expect(studio.call(path, undefined)).rejects.toMatchObject({ code: "ipc.unknown" });
  });
});

function pick(known: Record<string, unknown>, properties: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in properties));
}
