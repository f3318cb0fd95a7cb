import type { Contract } from "@shared/ipc/define";
import { z } from "zod";

// Input that no honest caller sends, made from the schemas of a contract: whatever call is added is covered.

export interface Call {
  readonly path: string;
  readonly input: z.ZodType;
}

/** Every call of a contract. */
export function callsOf(contract: Contract): readonly Call[] {
  return Object.entries(contract).flatMap(([group, members]) =>
    Object.entries(members).flatMap(([name, definition]) =>
      definition.kind === "call" ? [{ path: `${group}.${name}`, input: definition.input as z.ZodType }] : [],
    ),
  );
}

export type JsonSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
};

export const schemaOf = (input: z.ZodType) =>
  z.toJSONSchema(input, { unrepresentable: "any", io: "input" }) as JsonSchema;

/** One of each kind of text that a pattern asks for. */
const texts = ["a", "00:00", "0".repeat(64)];

/** The least input that a schema takes. */
export function sample(schema: JsonSchema): unknown {
  if (schema.anyOf) return sample(schema.anyOf[0] ?? {});
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object") {
    const names = Object.keys(schema.properties ?? {});
    return Object.fromEntries(names.map((name) => [name, sample(schema.properties?.[name] ?? {})]));
  }
  if (schema.type === "array") return [sample(schema.items ?? {})];
  if (schema.type === "number" || schema.type === "integer")
    return Math.min(Math.max(schema.minimum ?? 0, 1), schema.maximum ?? 1);
  if (schema.type === "boolean") return true;
  // A call without input.
  if (schema.type === undefined) return undefined;
  const { pattern } = schema;
  return pattern === undefined ? "a" : texts.find((text) => new RegExp(pattern).test(text));
}

const nonsense: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  0.5,
  "",
  "x".repeat(1_000_000),
  true,
  [],
  [null],
  {},
  { id: { $gt: "" } },
  JSON.parse('{"__proto__": {"id": "polluted"}, "constructor": 1}'),
  Symbol.iterator.toString(),
];

/** `value` with what lies at each of its places replaced by nonsense, one place at a time. */
export function* mutations(value: unknown): Generator<unknown> {
  yield* nonsense;
  if (Array.isArray(value)) {
    for (const changed of mutations(value[0])) yield [changed];
    yield Array.from({ length: 100_000 }, () => value[0]);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      for (const changed of mutations(inner)) yield { ...value, [key]: changed };
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
    }
  }
}
