import { rate } from "@renderer/lib/format";
import { Field } from "@renderer/ui/field";
import { NumberInput } from "@renderer/ui/number-input";
import { Select } from "@renderer/ui/select";
import { Switch } from "@renderer/ui/switch";
import { projections } from "@shared/models/model";
import type { Recipe } from "@shared/models/recipe";
import { clsx } from "clsx";
import type { RunForm } from "../hooks/use-run-form";
import { type FieldFacts, recipeGroups, type SpecialFieldFacts } from "./recipe-fields";

/** Everything that settles a run, for those who want to look. */
export function RecipeForm({ recipe, form }: { readonly recipe: Recipe; readonly form: RunForm }) {
  return (
    <div className="flex flex-col gap-5">
      {recipeGroups.map((group) => (
        <fieldset key={group.title}>
          <legend className="mb-2 text-sm font-semibold">{group.title}</legend>
          <div className="grid gap-x-5 gap-y-3.5 sm:grid-cols-2 xl:grid-cols-3">
            {group.fields.map((facts) => (
              <RecipeField key={facts.label} facts={facts} recipe={recipe} form={form} />
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function RecipeField({
  facts,
  recipe,
  form,
}: {
  readonly facts: FieldFacts;
  readonly recipe: Recipe;
  readonly form: RunForm;
}) {
  if (facts.kind === "number") {
    return (
      <Field
        label={<Label text={facts.label} changed={form.isChanged(facts.key)} />}
        hint={facts.hint}
        error={form.errors[facts.key]}
      >
        {(control) => (
          <NumberInput
            {...control}
            value={recipe[facts.key] ?? 0}
            step={facts.step}
            {...(facts.scientific ? { show: rate } : {})}
            onChange={(value) => form.change({ [facts.key]: value })}
          />
        )}
      </Field>
    );
  }
  if (facts.kind === "switch") {
    return (
      <Field label={<Label text={facts.label} changed={form.isChanged(facts.key)} />} hint={facts.hint}>
        {(control) => (
          <span className="flex h-8 items-center">
            <Switch
              {...control}
              checked={recipe[facts.key]}
              onChange={(value) => form.change({ [facts.key]: value })}
            />
          </span>
        )}
      </Field>
    );
  }
  return <SpecialField facts={facts} recipe={recipe} form={form} />;
}

function SpecialField({
  facts,
  recipe,
  form,
}: {
  readonly facts: SpecialFieldFacts;
  readonly recipe: Recipe;
  readonly form: RunForm;
}) {
  const label = <Label text={facts.label} changed={form.isChanged(facts.kind)} />;
  if (facts.kind === "schedule") {
    return (
      <Field label={label} hint={facts.hint}>
        {(control) => (
          <Select
            {...control}
            value={recipe.schedule}
            onChange={(schedule) => form.change({ schedule })}
            options={[
              { value: "cosine", label: "Cosine" },
              { value: "linear", label: "Linear" },
              { value: "constant", label: "Constant" },
            ]}
          />
        )}
      </Field>
    );
  }
  if (facts.kind === "maxSteps" || facts.kind === "maxMinutes" || facts.kind === "patience") {
    const key = facts.kind;
    return (
      <Field label={label} hint={facts.hint} error={form.errors[key]}>
        {(control) => (
          <NumberInput
            {...control}
            value={recipe[key] ?? Number.NaN}
            step={key === "patience" ? 1 : 10}
            onChange={(value) => form.change({ [key]: Number.isNaN(value) ? null : value })}
          />
        )}
      </Field>
    );
  }
  const toggle = (name: (typeof projections)[number]) =>
    form.change({ projections: projections.filter((one) => (one === name) !== recipe.projections.includes(one)) });
  return (
    <fieldset className="flex min-w-0 flex-col gap-1 sm:col-span-2">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {projections.map((name) => {
          const on = recipe.projections.includes(name);
          return (
            <button
              key={name}
              type="button"
              aria-pressed={on}
              onClick={() => toggle(name)}
              className={clsx(
                "h-8 rounded-md border px-2.5 font-mono text-sm",
                on
                  ? "border-accent bg-accent-soft text-accent-strong"
                  : "border-line text-ink-faint hover:border-line-strong",
              )}
            >
              {name}
            </button>
          );
        })}
      </div>
      <p className={clsx("text-xs", form.errors.projections ? "text-bad" : "text-ink-faint")}>
        {form.errors.projections ? "Choose at least one." : facts.hint}
      </p>
    </fieldset>
  );
}

function Label({ text, changed }: { readonly text: string; readonly changed: boolean }) {
  return (
    <>
      {text}
      {changed && <span className="ml-1.5 text-xs font-normal text-accent">changed</span>}
    </>
  );
}
