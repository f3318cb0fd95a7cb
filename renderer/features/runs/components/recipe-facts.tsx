import { useDataset } from "@renderer/features/datasets/api/datasets";
import { useModel } from "@renderer/features/models/api/models";
import { percent, rate } from "@renderer/lib/format";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import type { Goal, Recipe } from "@shared/models/recipe";
import { Link } from "wouter";
import { goalNames } from "./goal-names";

const every = (steps: number) => (steps === 0 ? "only at the end" : `every ${steps} steps`);
const onOff = (on: boolean) => (on ? "on" : "off");

/** Exactly what settled the run. */
export function RecipeFacts({
  modelId,
  datasetId,
  goal,
  recipe,
}: {
  readonly modelId: string;
  readonly datasetId: string;
  readonly goal: Goal;
  readonly recipe: Recipe;
}) {
  const model = useModel(modelId);
  const dataset = useDataset(datasetId);
  return (
    <Panel className="max-w-4xl">
      <Facts columns="sm:grid-cols-[10rem_1fr_10rem_1fr]">
        <Fact name="Model">
          {model ? (
            <Link href={`/models/${modelId}`} className="underline">
              {model.info.name}
            </Link>
          ) : (
            "removed"
          )}
        </Fact>
        <Fact name="Dataset">
          {dataset ? (
            <Link href={`/datasets/${datasetId}`} className="underline">
              {dataset.name}
            </Link>
          ) : (
            "removed"
          )}
        </Fact>
        <Fact name="Goal">{goalNames[goal]}</Fact>
        <Fact name="Seed">{recipe.seed}</Fact>
        <Fact name="Epochs">{recipe.epochs}</Fact>
        <Fact name="Step limit">{recipe.maxSteps ?? "none"}</Fact>
        <Fact name="Learning rate">
          {rate(recipe.learningRate)}, {recipe.schedule}
        </Fact>
        <Fact name="Warm-up">{percent(recipe.warmup)} of the steps</Fact>
        <Fact name="Batch">
          {recipe.batchSize} rows in {recipe.accumulation} {recipe.accumulation === 1 ? "part" : "parts"}
        </Fact>
        <Fact name="Context length">{recipe.contextLength} tokens</Fact>
        <Fact name="Rank, alpha">
          {recipe.rank}, {recipe.alpha}
          {recipe.rankStabilised ? ", rank-stabilised" : ""}
          {Object.entries(recipe.ranks ?? {}).map(([name, rank]) => `, ${name} ${rank}`)}
        </Fact>
        <Fact name="Dropout">{recipe.dropout === 0 ? "none" : percent(recipe.dropout)}</Fact>
        {recipe.embeddingNoise ? <Fact name="Embedding noise">{recipe.embeddingNoise}</Fact> : null}
        <Fact name="Matrices">
          <span className="font-mono text-sm">{recipe.projections.join(" ")}</span>
        </Fact>
        <Fact name="Packing">{onOff(recipe.packing)}</Fact>
        <Fact name="Clipping">{recipe.clipNorm === 0 ? "off" : recipe.clipNorm}</Fact>
        <Fact name="Weight decay">{recipe.weightDecay}</Fact>
        <Fact name="Validation">
          {percent(recipe.validationShare)} of rows, {every(recipe.validateEvery)}
        </Fact>
        <Fact name="Time limit">{recipe.maxMinutes == null ? "none" : `${recipe.maxMinutes} minutes`}</Fact>
        <Fact name="Patience">
          {recipe.patience == null ? "none" : `${recipe.patience} validations, then the best is kept`}
        </Fact>
        <Fact name="Checkpoint">{every(recipe.checkpointEvery)}</Fact>
        <Fact name="Samples">{every(recipe.sampleEvery)}</Fact>
        <Fact name="Save memory">{onOff(recipe.activationCheckpointing)}</Fact>
      </Facts>
    </Panel>
  );
}
