import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Command, CommandContext } from "@main/cli/command";
import { type ExitCode, exitCodes } from "@main/cli/exit";
import { activationFlag, activationHelp, adapterFlag, numberFlag, readFlags, required } from "@main/cli/flags";
import { readSampling, samplingHelp, samplingOptions } from "@main/cli/sampling-flags";
import { withEngine } from "@main/cli/session";
import type { EngineClient } from "@main/engine/client";
import { ask, type EngineAnswer, type Question } from "@main/playground/answers";
import { newId } from "@main/storage/id";
import { fromErrorData, HoneError } from "@shared/errors";
import type { ChatMessage } from "@shared/models/dataset";

export const chat: Command = {
  name: "chat",
  summary: "talk to a model, with adapters",
  help: `npm run hone -- chat --model FILE [--adapter FILE@STRENGTH]…

Without --prompt it is a conversation: type a line, read the answer; an empty line or Ctrl+D ends it.
  --prompt TEXT              one question, one answer
  --system TEXT              what the model is told first
${samplingHelp}
${activationHelp}
  --threads N, --device ID   where to compute
  --json                     answers as JSON`,
  run: async (args, context) => {
    const { values } = readFlags(args, {
      model: { type: "string" },
      adapter: { type: "string", multiple: true },
      prompt: { type: "string" },
      system: { type: "string" },
      threads: { type: "string" },
      activation: { type: "string" },
      device: { type: "string" },
      ...samplingOptions,
    });
    const setting = {
      model: {
        path: resolve(required(values.model, "--model")),
        device: values.device ?? "cpu",
        threads: values.threads ? numberFlag(values.threads, "--threads") : 0,
        ...activationFlag(values.activation),
      },
      adapters: (values.adapter ?? [])
        .map(adapterFlag)
        .map(({ path, strength }) => ({ path: resolve(path), strength })),
      sampling: readSampling(values),
    };
    const start: ChatMessage[] = values.system === undefined ? [] : [{ role: "system", content: values.system }];
    return withEngine(context, (engine) =>
      values.prompt === undefined
        ? converse(engine, setting, start, context)
        : answerOnce(engine, { ...setting, messages: [...start, { role: "user", content: values.prompt }] }, context),
    );
  },
};

type Setting = Omit<Question, "messages">;

async function answerOnce(engine: EngineClient, question: Question, context: CommandContext): Promise<ExitCode> {
  const end = await answer(engine, question, context);
  context.output.result(describe(end));
  return context.interrupted.aborted ? exitCodes.interrupted : exitCodes.done;
}

async function converse(
  engine: EngineClient,
  setting: Setting,
  start: readonly ChatMessage[],
  context: CommandContext,
): Promise<ExitCode> {
  const messages = [...start];
  const lines = createInterface({ input: context.input });
  const leave = () => lines.close();
  context.interrupted.addEventListener("abort", leave, { once: true });
  if (context.output.isTty) context.output.stream("> ");
  for await (const line of lines) {
    if (line.trim() === "") break;
    messages.push({ role: "user", content: line });
    const end = await answer(engine, { ...setting, messages }, context);
    messages.push({ role: "assistant", content: end.text });
    context.output.result(describe(end));
    if (context.interrupted.aborted) break;
    if (context.output.isTty) context.output.stream("> ");
  }
  lines.close();
  return context.interrupted.aborted ? exitCodes.interrupted : exitCodes.done;
}

/** Streams the answer; Ctrl+C ends it early. */
async function answer(
  engine: EngineClient,
  question: Question,
  { output, interrupted }: CommandContext,
): Promise<EngineAnswer> {
  const generationId = newId();
  const stop = () => void engine.chat.stop({ generationId }).catch(() => undefined);
  interrupted.addEventListener("abort", stop, { once: true });
  try {
    const end = await ask(engine, generationId, question, (text) => output.stream(text));
    if (end.reason === "failed") {
      throw end.error
        ? fromErrorData(end.error)
        : new HoneError("engine.failed", "The answer failed without a reason.");
    }
    output.stream("\n");
    return end;
  } finally {
    interrupted.removeEventListener("abort", stop);
  }
}

function describe({
  text,
  reason,
  promptTokens,
  tokens,
  tokensPerSecond,
  promptTokensPerSecond,
  adapters,
}: EngineAnswer) {
  return { text, reason, promptTokens, tokens, tokensPerSecond, promptTokensPerSecond, adapters };
}
