import { readFileSync } from "node:fs";
import { readMlx } from "@main/adapters/formats/read-mlx";
import { readPeft } from "@main/adapters/formats/read-peft";
import { HoneError } from "@shared/errors";
import { describe, expect, it } from "vitest";
import { damaged, damageSeeds } from "../../../support/damage";
import { llama, peftFolder } from "./support";

const folder = peftFolder("lora-llama-f16");
const config = readFileSync(`${folder}adapter_config.json`);
const weights = readFileSync(`${folder}adapter_model.safetensors`);
const mlxConfig = Buffer.from('{"fine_tune_type":"lora","num_layers":2,"lora_parameters":{"rank":4,"scale":2.0}}');

describe("a damaged adapter folder is read or refused with words", () => {
  it.each([
    ["PEFT weights", (seed: number) => readPeft(config.toString(), damaged(weights, seed), llama, "x")],
    ["a PEFT config", (seed: number) => readPeft(Buffer.from(damaged(config, seed)).toString(), weights, llama, "x")],
    ["an MLX config", (seed: number) => readMlx(Buffer.from(damaged(mlxConfig, seed)).toString(), weights, llama, "x")],
  ])("%s", { timeout: 3_600_000 }, (what, read) => {
    let readable = 0;
    for (const seed of damageSeeds(what === "PEFT weights" ? 1_500 : 300, 3)) {
      try {
        read(seed);
        readable += 1;
      } catch (error) {
        if (!(error instanceof HoneError)) throw new Error(`seed ${seed}: ${error}`, { cause: error });
        expect(error.code, `seed ${seed}`).toMatch(/^(adapter|safetensors|json)\./);
        expect(error.message.length, `seed ${seed}`).toBeLessThan(2_000);
      }
    }
    // Damage to numbers alone leaves an adapter that can be read.
    if (what !== "an MLX config") expect(readable).toBeGreaterThan(0);
  });
});
