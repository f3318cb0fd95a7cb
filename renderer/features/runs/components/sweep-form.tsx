import { Field, Input } from "@renderer/ui/field";
import type { Recipe } from "@shared/models/recipe";
import { type GridKey, gridKeys } from "@shared/models/sweep";
import { gridValue, type ReadSweep, type SweepTexts, sweepLabels } from "../hooks/sweep-values";

/** Several values of a setting at once: every combination becomes a run, and the lowest validation loss wins. */
export function SweepForm({
  recipe,
  texts,
  read,
  onChange,
}: {
  readonly recipe: Recipe;
  readonly texts: SweepTexts;
  readonly read: ReadSweep;
  readonly onChange: (texts: SweepTexts) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold">Try several values</legend>
      <p className="mb-2.5 text-sm text-ink-faint">
        Parted by commas. Every combination becomes a run, and the lowest validation loss wins. Empty fields stay as
        they are above.
      </p>
      <div className="grid gap-x-5 gap-y-3.5 sm:grid-cols-2 xl:grid-cols-4">
        {gridKeys.map((key) => (
          <ValuesField
            key={key}
            name={key}
            placeholder={gridValue(key, recipe[key])}
            text={texts[key] ?? ""}
            error={read.errors[key]}
            onChange={(text) => onChange({ ...texts, [key]: text })}
          />
        ))}
      </div>
      <p
        role="status"
        className={
          read.error || (read.grid && noValidation(recipe)) ? "mt-2 text-sm text-bad" : "mt-2 text-sm text-ink-soft"
        }
      >
        {read.error ??
          (read.grid
            ? noValidation(recipe)
              ? "Without validation rows no run can be told from another: raise the validation share."
              : `These make ${read.runs} runs, one after the other.`
            : "")}
      </p>
    </fieldset>
  );
}

const noValidation = ({ validationShare }: Recipe) => validationShare <= 0;

function ValuesField({
  name,
  placeholder,
  text,
  error,
  onChange,
}: {
  readonly name: GridKey;
  readonly placeholder: string;
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}) {
  return (
    <Field label={sweepLabels[name]} error={error ?? null}>
      {(control) => (
        <Input
          {...control}
          className="num"
          value={text}
          maxLength={200}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
