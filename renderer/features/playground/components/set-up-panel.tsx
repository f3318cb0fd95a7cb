import { IconButton } from "@renderer/ui/button";
import { Field, Input, TextArea } from "@renderer/ui/field";
import { NumberInput } from "@renderer/ui/number-input";
import { type Sampling, samplingSchema } from "@shared/models/chat";
import { Dices } from "lucide-react";
import { useState } from "react";
import { dispatch, usePlayground } from "../hooks/playground-store";

type NumberKey = Exclude<keyof Sampling, "stop">;

const fields: readonly {
  readonly name: NumberKey;
  readonly label: string;
  readonly hint: string;
  readonly step: number | "double";
}[] = [
  { name: "temperature", label: "Temperature", hint: "0 always takes the likeliest token", step: 0.1 },
  { name: "topK", label: "Top-k", hint: "0 keeps all", step: 5 },
  { name: "topP", label: "Top-p", hint: "1 keeps all", step: 0.05 },
  { name: "minP", label: "Min-p", hint: "0 keeps all", step: 0.01 },
  { name: "repetitionPenalty", label: "Repetition penalty", hint: "1 is none", step: 0.05 },
  { name: "maxTokens", label: "Longest answer", hint: "in tokens", step: "double" },
];

/** Shared by all panes, so that only models and adapters differ. */
export function SetUpPanel() {
  const { system, sampling } = usePlayground();
  return (
    <section aria-label="Prompt and sampling" className="appear mb-3 rounded-lg border border-line bg-surface p-4">
      <div className="grid gap-4 lg:grid-cols-[1fr_1.6fr]">
        <Field label="System prompt" hint="The same for all panes. Each model's own template writes it.">
          {(control) => (
            <TextArea
              {...control}
              rows={5}
              value={system}
              placeholder="None"
              onChange={(event) => dispatch({ type: "system", system: event.target.value })}
            />
          )}
        </Field>
        <div className="grid grid-cols-3 gap-x-3 gap-y-2.5 xl:grid-cols-4">
          {fields.map((field) => (
            <SamplingField key={field.name} {...field} value={sampling[field.name]} />
          ))}
          <SeedField seed={sampling.seed} />
          <StopField stop={sampling.stop} />
        </div>
      </div>
    </section>
  );
}

/** Passes on only what the engine would take; what does not fit stays on screen with the reason. */
function SamplingField({
  name,
  label,
  hint,
  step,
  value,
}: {
  readonly name: NumberKey;
  readonly label: string;
  readonly hint: string;
  readonly step: number | "double";
  readonly value: number;
}) {
  const [refused, setRefused] = useState<number | null>(null);
  return (
    <Field label={label} hint={hint} error={refused === null ? null : "Outside its limits"}>
      {(control) => (
        <NumberInput
          {...control}
          value={refused ?? value}
          step={step}
          onChange={(next) => {
            const fits = samplingSchema.shape[name].safeParse(next).success;
            setRefused(fits ? null : next);
            if (fits) dispatch({ type: "sampling", sampling: { [name]: next } });
          }}
        />
      )}
    </Field>
  );
}

function SeedField({ seed }: { readonly seed: number }) {
  return (
    <div className="flex items-start gap-1.5">
      <SamplingField name="seed" label="Seed" hint="same seed, same answer" step={1} value={seed} />
      <IconButton
        label="New seed"
        variant="default"
        className="mt-6"
        onClick={() => dispatch({ type: "sampling", sampling: { seed: freshSeed() } })}
      >
        <Dices size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

export function freshSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}

function StopField({ stop }: { readonly stop: readonly string[] }) {
  const [text, setText] = useState(() => stop.join(" | "));
  return (
    <Field label="Stop at" hint="texts, parted by |">
      {(control) => (
        <Input
          {...control}
          value={text}
          placeholder="None"
          onChange={(event) => {
            setText(event.target.value);
            const parts = event.target.value
              .split("|")
              .map((part) => part.trim())
              .filter(Boolean);
            dispatch({ type: "sampling", sampling: { stop: parts.slice(0, 16).map((part) => part.slice(0, 200)) } });
          }}
        />
      )}
    </Field>
  );
}
