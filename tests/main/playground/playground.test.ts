import { join } from "node:path";
import { defaultSampling, type GenerateRequest, type GenerationEnd } from "@shared/models/chat";
import { describe, expect, it } from "vitest";
import { tunedAnswer, writeFakeAdapter, writeFakeModel } from "../../support/fake-engine";
import { eventually, openStudio, type Studio, stock } from "../../support/studio";

async function stocked() {
  const studio = await openStudio();
  const { model } = await stock(studio);
  const adapter = await studio.client.adapters.import({
    path: writeFakeAdapter(join(studio.folder, "a.gguf")),
    modelId: model.id,
  });
  const question = (changes: Partial<GenerateRequest> = {}): GenerateRequest => ({
    modelId: model.id,
    adapters: [],
    messages: [{ role: "user", content: "hello" }],
    sampling: defaultSampling,
    ...changes,
  });
  return { studio, adapter, question };
}

async function endOf({ news }: Studio, generationId: string): Promise<GenerationEnd> {
  const ends = () =>
    news.filter(({ path }) => path === "playground.end").map(({ payload }) => payload as GenerationEnd);
  const found = await eventually(ends, (all) => all.some((end) => end.generationId === generationId));
  return found.find((end) => end.generationId === generationId) as GenerationEnd;
}

const textOf = ({ news }: Studio, generationId: string) =>
  news
    .filter(({ path }) => path === "playground.token")
    .map(({ payload }) => payload as { generationId: string; text: string })
    .filter((token) => token.generationId === generationId)
    .map(({ text }) => text)
    .join("");

describe("the playground", () => {
  it("streams the base's answer and says that no adapter had a part in it", async () => {
    const { studio, question } = await stocked();
    const { generationId } = await studio.client.playground.generate(question());
    expect(await endOf(studio, generationId)).toMatchObject({
      reason: "end",
      provenance: { modelName: "Tiny", adapters: [] },
      error: null,
    });
    expect(textOf(studio, generationId)).toBe("I do not know.");
  });

  it("says which adapters the engine applied, by digest and strength", async () => {
    const { studio, adapter, question } = await stocked();
    const { generationId } = await studio.client.playground.generate(
      question({ adapters: [{ adapterId: adapter.id, strength: 0.5 }] }),
    );
    const end = await endOf(studio, generationId);
    expect(end.provenance?.adapters).toEqual([{ digest: adapter.digest, strength: 0.5 }]);
    expect(textOf(studio, generationId)).toBe(tunedAnswer("hello"));
  });

  it("answers several questions at once without mixing them", async () => {
    const { studio, adapter, question } = await stocked();
    const asked = await Promise.all([
      studio.client.playground.generate(question()),
      studio.client.playground.generate(question({ adapters: [{ adapterId: adapter.id, strength: 1 }] })),
    ]);
    for (const { generationId } of asked) await endOf(studio, generationId);
    expect(asked.map(({ generationId }) => textOf(studio, generationId))).toEqual([
      "I do not know.",
      tunedAnswer("hello"),
    ]);
  });

  it("stops when asked", async () => {
    const { studio, question } = await stocked();
    const { generationId } = await studio.client.playground.generate(question());
    await studio.client.playground.stop({ generationId });
    expect(await endOf(studio, generationId)).toMatchObject({ reason: "stopped" });
  });

  it("tells the end of an answer whose engine was lost", async () => {
    const { studio, question } = await stocked();
    const { generationId } = await studio.client.playground.generate(question());
    studio.engine.kill("studio", "SIGSEGV");
    expect(await endOf(studio, generationId)).toMatchObject({
      reason: "failed",
      provenance: null,
      error: { code: "engine.crashed" },
    });
  });

  it("refuses an adapter of another base and a conversation without a question", async () => {
    const { studio, adapter, question } = await stocked();
    const other = await studio.client.models.add({ path: writeFakeModel(join(studio.folder, "other.gguf"), "Other") });
    await eventually(
      () => studio.client.models.list(),
      (models) => models.every(({ digest }) => digest !== null),
    );
    const mixed = question({ modelId: other.id, adapters: [{ adapterId: adapter.id, strength: 1 }] });
    await expect(studio.client.playground.generate(mixed)).rejects.toMatchObject({ code: "adapter.base" });
    await expect(
      studio.client.playground.generate(question({ messages: [{ role: "assistant", content: "hi" }] })),
    ).rejects.toMatchObject({ code: "chat.order" });
  });
});
