import { Button, buttonClass } from "@renderer/ui/button";
import { Panel } from "@renderer/ui/panel";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { GuideStep, StepState } from "../hooks/first-run";

const texts: Record<
  GuideStep["id"],
  { readonly title: string; readonly text: string; readonly done: string; readonly next: string }
> = {
  model: {
    title: "A model",
    text: "Add a GGUF file that you have.",
    done: "On the shelf.",
    next: "Try a larger one, or another family.",
  },
  data: {
    title: "Examples",
    text: "Import questions with the answers you want.",
    done: "Ready to learn from.",
    next: "Import examples of your own.",
  },
  train: {
    title: "Train",
    text: "Press start and watch the loss fall.",
    done: "An adapter is made.",
    next: "Another goal, rank or dataset.",
  },
  compare: {
    title: "Compare",
    text: "Put one question to base and tuned model, side by side.",
    done: "Seen side by side.",
    next: "Mix adapters and strengths.",
  },
  export: {
    title: "Export",
    text: "Write the adapter, checked, for a phone or another program.",
    done: "Written and checked.",
    next: "Send another adapter to a phone.",
  },
};

/** The way to a first tuned model. Once it is walked, a short row of what to do next is left of it. */
export function Guide({
  steps,
  finished,
  adapterId,
  running,
}: {
  readonly steps: readonly GuideStep[];
  readonly finished: boolean;
  readonly adapterId: string | null;
  readonly running: boolean;
}) {
  return (
    <Panel title={finished ? "What next" : "Your first tuned model"} note={finished ? undefined : "five short steps"}>
      <ol className="grid gap-2 sm:grid-cols-2 lg:grid-cols-5">
        {steps.map((step, index) => (
          <li
            key={step.id}
            aria-current={step.state === "now" ? "step" : undefined}
            className={clsx(
              "flex flex-col rounded-md border p-3",
              step.state === "now" ? "border-accent bg-accent-soft" : "border-line",
              step.state === "later" && "opacity-75",
            )}
          >
            <div className="flex items-center gap-2">
              {!finished && <StepMark state={step.state} number={index + 1} />}
              <h3 className="font-medium">{texts[step.id].title}</h3>
            </div>
            <p className="mt-1 flex-1 text-sm text-ink-soft">
              {finished ? texts[step.id].next : texts[step.id][step.state === "done" ? "done" : "text"]}
            </p>
            <div className="mt-2.5">
              <StepAction step={step} adapterId={adapterId} running={running} />
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function StepMark({ state, number }: { readonly state: StepState; readonly number: number }) {
  if (state === "done") {
    return (
      <span className="flex size-5.5 items-center justify-center rounded-full bg-good-soft text-good">
        <Check size={14} aria-label="Done" />
      </span>
    );
  }
  return (
    <span
      aria-hidden
      className={clsx(
        "num flex size-5.5 items-center justify-center rounded-full text-xs font-semibold",
        state === "now" ? "bg-accent text-on-accent" : "bg-hover text-ink-soft",
      )}
    >
      {number}
    </span>
  );
}

function StepAction({
  step,
  adapterId,
  running,
}: {
  readonly step: GuideStep;
  readonly adapterId: string | null;
  readonly running: boolean;
}): ReactNode {
  const [, go] = useLocation();
  const variant = step.state === "now" ? "primary" : "default";
  const link = (href: string, label: string) => (
    <Link href={href} className={buttonClass(variant, "sm")}>
      {label}
    </Link>
  );
  switch (step.id) {
    case "model":
      return step.state === "done" ? link("/models", "See models") : link("/models/add", "Add a model");
    case "data":
      return step.state === "done" ? link("/datasets", "See datasets") : link("/datasets/import", "Import a file");
    case "train":
      if (step.state === "later") return null;
      return link("/runs/new", step.state === "now" && !running ? "Start a run" : "New run");
    case "compare":
      return adapterId ? (
        <Button size="sm" variant={variant} onClick={() => go("/playground", { state: { compare: adapterId } })}>
          Compare
        </Button>
      ) : null;
    case "export":
      return adapterId ? link(`/export/${adapterId}`, "Export") : null;
  }
}
