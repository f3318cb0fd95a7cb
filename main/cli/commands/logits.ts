import { resolve } from "node:path";
import type { Command } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import {
  activationFlag,
  activationHelp,
  adapterFlag,
  choiceFlag,
  numberFlag,
  readFlags,
  required,
  tokensFlag,
} from "@main/cli/flags";
import { withEngine } from "@main/cli/session";

export const logits: Command = {
  name: "logits",
  summary: "write the logits of given tokens as .npy",
  help: `npm run hone -- logits MODEL --tokens 1,2,3 --out FILE.npy

Writes float32 [tokens, vocabulary].
  --adapter FILE@STRENGTH    an adapter at a strength (1 when left out); can be given more than once
  --activations exact        ternary matrices take their inputs as they are, without rounding to 8 bits
  --activations rounded      they round them, one scale per token, as the models were trained
${activationHelp}
  --threads N, --device ID   where to compute
  --json                     the result as JSON`,
  run: async (args, context) => {
    const { values, positionals } = readFlags(
      args,
      {
        tokens: { type: "string" },
        adapter: { type: "string", multiple: true },
        activations: { type: "string" },
        out: { type: "string" },
        threads: { type: "string" },
        activation: { type: "string" },
        device: { type: "string" },
      },
      ["MODEL"],
    );
    const out = resolve(required(values.out, "--out"));
    const request = {
      model: {
        path: resolve(positionals[0] ?? ""),
        device: values.device ?? "cpu",
        threads: values.threads ? numberFlag(values.threads, "--threads") : 0,
        ...activationFlag(values.activation),
      },
      tokens: tokensFlag(required(values.tokens, "--tokens")),
      adapters: (values.adapter ?? [])
        .map(adapterFlag)
        .map(({ path, strength }) => ({ path: resolve(path), strength })),
      ...(values.activations === undefined
        ? {}
        : { activations: choiceFlag(values.activations, "--activations", ["exact", "rounded"]) }),
      out,
    };
    const { tokens, vocabulary } = await withEngine(context, (engine) => engine.logits.write(request));
    context.output.result({ out, tokens, vocabulary }, `${out}: float32 [${tokens}, ${vocabulary}]`);
    return exitCodes.done;
  },
};
