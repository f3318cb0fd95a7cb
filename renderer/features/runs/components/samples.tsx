import { count } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import type { RunSample } from "@shared/models/run";
import { useMemo } from "react";

/** The same few prompts asked again and again as training goes: the newest answers first. */
export function Samples({ samples }: { readonly samples: readonly RunSample[] }) {
  const prompts = useMemo(() => byPrompt(samples), [samples]);
  if (prompts.length === 0) {
    return (
      <p className="py-6 text-ink-faint">
        Sample answers appear here as training goes on, beginning with what the model says before it has learned
        anything.
      </p>
    );
  }
  return (
    <ul className="grid gap-3 xl:grid-cols-2">
      {prompts.map(({ prompt, expected, answers }) => (
        <li key={prompt} className="min-w-0 rounded-lg border border-line bg-surface p-4">
          <p className="font-medium break-words">{prompt}</p>
          {expected !== null && (
            <p className="mt-1 text-sm break-words text-ink-soft">
              <span className="text-ink-faint">Expected</span> <span className="font-mono">{expected}</span>
            </p>
          )}
          <ol
            className="mt-2.5 max-h-64 divide-y divide-line overflow-y-auto border-t border-line"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling frame must be reachable by keyboard
            tabIndex={0}
            aria-label={`Answers to ${prompt}`}
          >
            {answers.map((answer) => (
              <li key={answer.step} className="grid grid-cols-[5rem_1fr_auto] items-baseline gap-2 py-1.5">
                <span className="num text-sm text-ink-faint">Step {count(answer.step)}</span>
                <span className="min-w-0 font-mono text-sm break-words whitespace-pre-wrap">
                  {answer.text || <span className="text-ink-faint">(nothing)</span>}
                </span>
                {expected !== null && answer.text.trim() === expected.trim() && <Badge tone="good">exact</Badge>}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  );
}

interface PromptSamples {
  readonly prompt: string;
  readonly expected: string | null;
  readonly answers: readonly RunSample[];
}

function byPrompt(samples: readonly RunSample[]): readonly PromptSamples[] {
  const groups = new Map<string, RunSample[]>();
  for (const sample of samples) {
    const group = groups.get(sample.prompt);
    if (group) group.push(sample);
    else groups.set(sample.prompt, [sample]);
  }
  return [...groups].map(([prompt, group]) => ({
    prompt,
    expected: group[0]?.expected ?? null,
    answers: group.sort((a, b) => b.step - a.step),
  }));
}
