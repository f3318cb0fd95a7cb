import type { OpenModel } from "@main/engine/worker/models";
import { promptTokens } from "@main/engine/worker/prompt";
import type { NativeAdapter } from "@shared/engine/addon";
import type { TrainInput } from "@shared/engine/protocol";
import type { Sampling } from "@shared/models/chat";
import type { RunSample } from "@shared/models/run";

/** Greedy, so that two samples differ by the training alone. */
const sampling: Sampling = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
  maxTokens: 96,
  stop: [],
};

export interface SampleObserver {
  onSample(sample: RunSample): void;
  stopped(): boolean;
}

/** Answers the run's fixed prompts with the adapter as it is now; the adapter is closed again. */
export async function takeSamples(
  model: OpenModel,
  open: () => Promise<NativeAdapter>,
  { samplePrompts }: Pick<TrainInput, "samplePrompts">,
  step: number,
  observer: SampleObserver,
): Promise<void> {
  const adapter = await open();
  try {
    for (const { messages, expected } of samplePrompts) {
      if (observer.stopped()) return;
      let text = "";
      const generation = model.native.generate(
        { prompt: promptTokens(model, messages), adapters: [{ adapter, strength: 1 }], sampling },
        (more) => {
          text += more;
          if (observer.stopped()) generation.stop();
        },
      );
      await generation.done;
      const prompt = messages.findLast(({ role }) => role === "user")?.content ?? messages.at(-1)?.content ?? "";
      observer.onSample({ step, prompt, text: text.trim(), expected });
    }
  } finally {
    adapter.close();
  }
}
