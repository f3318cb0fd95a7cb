import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { choiceFlag, readFlags } from "@main/cli/flags";
import { UsageError } from "@main/cli/usage-error";
import { loadAddon } from "@main/engine/worker/addon";
import { verifyAdapters } from "@main/verify/adapters";
import { verifyChat } from "@main/verify/chat";
import { verifyGradients } from "@main/verify/gradients";
import { verifyHostile } from "@main/verify/hostile";
import { verifyLogits } from "@main/verify/logits";
import { verifyMerges } from "@main/verify/merges";
import { verifyQuants } from "@main/verify/quants";
import { verifySplit } from "@main/verify/split";
import { verifyTokenizers } from "@main/verify/tokenizers";
import { Verification } from "@main/verify/verification";

const groups: readonly ((verification: Verification) => Promise<void>)[] = [
  verifyQuants,
  verifyHostile,
  verifyTokenizers,
  verifyChat,
  verifyLogits,
  verifySplit,
  verifyAdapters,
  verifyMerges,
  verifyGradients,
];

export const verify: Command = {
  name: "verify",
  summary: "check the engine against a folder of recorded results",
  help: `npm run verify -- DIR

Checks whatever of logits, gradients, block formats, shards, adapter folders, tokenizers, chat templates and malformed files has
recorded results in DIR. One line for each check with the measured error, then "N passed, M failed". A check whose file is not in DIR
is called absent and not counted.
  --backend cpu|vulkan|reference    where to compute (cpu); vulkan is the best GPU, vulkan:1 the one with that number; the
                             reference is slow and defines what every operation means
  --json                     one object for each check`,
  run: async (args, { places, output }) => {
    const { values, positionals } = readFlags(args, { backend: { type: "string" } }, ["DIR"]);
    const backend = values.backend ?? "cpu";
    const device = /^vulkan:\d{1,3}$/.test(backend)
      ? backend
      : choiceFlag(backend, "--backend", ["cpu", "vulkan", "reference"]);
    const folder = resolve(positionals[0] ?? "");
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`There is no folder ${folder}.`);
    const verification = new Verification(loadAddon(places.addon), folder, device, (check) => {
      output.event("check", check);
      output.say(`${check.ok === null ? "absent" : check.ok ? "ok    " : "FAILED"} ${check.name}: ${check.found}`);
    });
    for (const group of groups) await verification.check(group.name, () => group(verification));
    await verification.close();
    const { passed, failed } = verification;
    output.result({ passed, failed }, `${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? exitCodes.done : exitCodes.failed;
  },
};
