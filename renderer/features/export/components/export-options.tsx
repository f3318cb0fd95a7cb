import { Field } from "@renderer/ui/field";
import { Select } from "@renderer/ui/select";
import { Switch } from "@renderer/ui/switch";
import { type MergeType, mergeTypes } from "@shared/models/merge";
import type { ExportForm } from "../hooks/use-export-form";
import { hasGgufAdapter, isForPhone, isMerged } from "./profile-texts";

const memories = [3, 4, 6, 8, 12, 16];

/** What can be chosen beside the profile; only what the profile leaves open is shown. */
export function ExportOptions({ form }: { readonly form: ExportForm }) {
  const { choice, change, chosen } = form;
  return (
    <div className="flex flex-wrap items-end gap-3">
      {isForPhone(choice.profile) && (
        <Field label="The phone's memory" className="w-40">
          {(control) => (
            <Select
              {...control}
              value={choice.phoneGb === null ? "any" : String(choice.phoneGb)}
              onChange={(value) => change({ phoneGb: value === "any" ? null : Number(value) })}
              options={[
                { value: "any", label: "Not known" },
                ...memories.map((memory) => ({ value: String(memory), label: `${memory} GB` })),
              ]}
            />
          )}
        </Field>
      )}
      {isMerged(choice.profile) && (
        <Field label="Type" className="w-56">
          {(control) => (
            <Select
              {...control}
              value={choice.mergedType ?? "auto"}
              onChange={(value) => change({ mergedType: value === "auto" ? null : (value as MergeType) })}
              options={[
                { value: "auto", label: `Suits the target (${chosen?.mergedType?.toUpperCase() ?? "…"})` },
                ...mergeTypes.map((type) => ({ value: type, label: type.toUpperCase() })),
              ]}
            />
          )}
        </Field>
      )}
      {hasGgufAdapter(choice.profile) && (
        <Field label="Adapter's type" className="w-56">
          {(control) => (
            <Select
              {...control}
              value={choice.adapterType}
              onChange={(adapterType) => change({ adapterType })}
              options={[
                { value: "f16", label: "F16, half the size" },
                { value: "f32", label: "F32, exactly as trained" },
              ]}
            />
          )}
        </Field>
      )}
      <Field label="As one .zip">
        {(control) => <Switch {...control} checked={choice.zip} onChange={(zip) => change({ zip })} />}
      </Field>
    </div>
  );
}
