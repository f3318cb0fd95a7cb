import { Select } from "@renderer/ui/select";
import { toast } from "@renderer/ui/toast-store";
import { choosableActivationSchema, hasActivationChoice, type ModelRecord } from "@shared/models/model";
import { useId } from "react";
import { useChooseActivation } from "../api/models";

export const activationName = { silu: "SiLU", relu2: "ReLU²", gelu_tanh: "GELU (tanh)" } as const;

const sourceWords = {
  file: "said by the file",
  architecture: "given by the architecture",
  guess: "a guess",
  chosen: "your choice",
} as const;

/** The feed-forward activation of a model, and where models exist with either, the choice between them. */
export function ActivationChoice({ model }: { readonly model: ModelRecord }) {
  const { activation, architecture } = model.info;
  const choose = useChooseActivation();
  const reasonId = useId();
  if (!hasActivationChoice(architecture)) {
    return (
      <>
        {activationName[activation.kind]}
        <span className="text-ink-faint"> · {sourceWords[activation.source]}</span>
      </>
    );
  }
  const byItself =
    activation.source === "chosen"
      ? "As Hone would decide"
      : `${activationName[activation.kind]}, ${sourceWords[activation.source]}`;
  return (
    <div className="flex flex-col gap-1">
      <Select
        aria-label="Activation"
        aria-describedby={reasonId}
        className="w-full max-w-56"
        disabled={choose.isPending || model.missing}
        value={activation.source === "chosen" ? activation.kind : "auto"}
        onChange={(value) =>
          choose.mutate(
            { id: model.id, activation: choosableActivationSchema.nullable().catch(null).parse(value) },
            {
              onError: (error) => toast({ tone: "bad", title: "The activation was not changed", text: error.message }),
            },
          )
        }
        options={[
          { value: "auto", label: byItself },
          ...choosableActivationSchema.options.map((kind) => ({
            value: kind,
            label: `${activationName[kind]}, always`,
          })),
        ]}
      />
      <span id={reasonId} className="text-xs text-ink-faint">
        {activation.reason ? `${activation.reason[0]?.toUpperCase()}${activation.reason.slice(1)}. ` : ""}Used in
        training and chat, and written into merged files.
      </span>
    </div>
  );
}
