import { breather } from "@main/engine/worker/breathe";
import { cutProblem, type EncodedExample, EncodingNotes, encodeConversation } from "@main/engine/worker/encode";
import type { OpenModel, OpenModels } from "@main/engine/worker/models";
import type { EncodedRow, EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";
import type { RenderedRow, RenderedSegment } from "@shared/models/dataset";

type EncodeInput = Parameters<Handlers<EngineContract>["data"]["encode"]>[0];

/** Rows as the engine will learn them, and as a person can look at them. */
export function dataHandlers(models: OpenModels): Handlers<EngineContract>["data"] {
  const encodeAll = async <Row>(input: EncodeInput, shape: (model: OpenModel, example: EncodedExample) => Row) =>
    models.use(input.model, async (model) => {
      const notes = new EncodingNotes();
      const breathe = breather();
      const rows: Row[] = [];
      for (const conversation of input.conversations) {
        for (const example of encodeConversation(model, conversation, input.learnAll, notes))
          rows.push(shape(model, example));
        await breathe();
      }
      const { origin, warning } = input.learnAll
        ? { origin: "none: plain text is learned whole", warning: null }
        : model.template();
      return { rows, template: origin, warnings: [...(warning ? [warning] : []), ...notes.warnings()] };
    });

  return {
    encode: (input) => encodeAll(input, (_, example) => encodedRow(example, input.contextLength)),
    render: (input) => encodeAll(input, (model, example) => renderedRow(model, example, input.contextLength)),
  };
}

function encodedRow(example: EncodedExample, contextLength: number): EncodedRow {
  const { ids } = example.tokens;
  return {
    line: example.line,
    tokens: ids.slice(0, contextLength),
    mask: example.mask.slice(0, contextLength),
    problem: cutProblem(example, contextLength),
    cut: ids.length > contextLength,
  };
}

function renderedRow(model: OpenModel, example: EncodedExample, contextLength: number): RenderedRow {
  const { ids } = example.tokens;
  const kept = Math.min(ids.length, contextLength);
  return {
    line: example.line,
    segments: segments(model, example, contextLength),
    tokens: ids.length,
    learnedTokens: example.mask.subarray(0, kept).reduce((sum, learned) => sum + learned, 0),
    problem: cutProblem(example, contextLength),
  };
}

/** Runs of tokens of one kind, as the model's own texts, so that added tokens show too. */
function segments(model: OpenModel, { tokens, mask }: EncodedExample, contextLength: number): RenderedSegment[] {
  const kindAt = (index: number): RenderedSegment["kind"] =>
    index >= contextLength ? "cut" : mask[index] ? "learned" : "masked";
  const result: RenderedSegment[] = [];
  let begin = 0;
  for (let index = 1; index <= tokens.ids.length; index += 1) {
    if (index < tokens.ids.length && kindAt(index) === kindAt(begin)) continue;
    result.push({
      kind: kindAt(begin),
      text: model.native.decode(tokens.ids.slice(begin, index), { showSpecial: true }),
    });
    begin = index;
  }
  return result;
}
