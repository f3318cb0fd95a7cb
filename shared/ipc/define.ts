import type { z } from "zod";

/** A question with one answer. The input is checked by its schema on the answering side; the output is typed only. */
export interface CallDefinition<Input, Output> {
  readonly kind: "call";
  readonly input: z.ZodType<Input>;
  /** Never set; carries the output type. */
  readonly output?: Output;
}

/** News from the answering side. */
export interface EventDefinition<Payload> {
  readonly kind: "event";
  /** Never set; carries the payload type. */
  readonly payload?: Payload;
}

// biome-ignore lint/suspicious/noExplicitAny: the constraint of a contract must accept every input and output type.
export type Contract = Record<string, Record<string, CallDefinition<any, any> | EventDefinition<any>>>;

/** `call(schema).returns<Output>()` */
export function call<Input>(input: z.ZodType<Input>): { returns<Output>(): CallDefinition<Input, Output> } {
  return { returns: () => ({ kind: "call", input }) };
}

export function event<Payload>(): EventDefinition<Payload> {
  return { kind: "event" };
}

type CallFunction<D> =
  D extends CallDefinition<infer Input, infer Output>
    ? [Input] extends [void]
      ? () => Promise<Output>
      : (input: Input) => Promise<Output>
    : never;

/** The asking side: calls are functions, events take a listener and return its removal. */
export type Client<C extends Contract> = {
  readonly [Group in keyof C]: {
    readonly [Name in keyof C[Group]]: C[Group][Name] extends EventDefinition<infer Payload>
      ? (listener: (payload: Payload) => void) => () => void
      : CallFunction<C[Group][Name]>;
  };
};

type CallNames<G> = { [Name in keyof G]: G[Name] extends EventDefinition<unknown> ? never : Name }[keyof G];
type EventNames<G> = { [Name in keyof G]: G[Name] extends EventDefinition<unknown> ? Name : never }[keyof G];

/** The answering side: one handler for each call of a group. */
export type Handlers<C extends Contract> = {
  readonly [Group in keyof C]: {
    readonly [Name in CallNames<C[Group]>]: C[Group][Name] extends CallDefinition<infer Input, infer Output>
      ? (input: Input) => Output | Promise<Output>
      : never;
  };
};

/** How the answering side tells its news. */
export type Emit<C extends Contract> = <Group extends keyof C & string, Name extends EventNames<C[Group]> & string>(
  group: Group,
  name: Name,
  payload: C[Group][Name] extends EventDefinition<infer Payload> ? Payload : never,
) => void;
