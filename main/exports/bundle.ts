import { recipeDigest } from "@main/adapters/recipe-digest";
import type { StoredAdapter } from "@main/adapters/store";
import type { CheckTexts } from "@main/exports/check";
import { mainType, profiles } from "@main/exports/profiles";
import { type Bundle, type BundleFile, bundleSchema, type ProbeFile, probeFileSchema } from "@shared/models/bundle";
import type { ExportGate, ExportPlan, ExportWish } from "@shared/models/export";
import type { LogitDistance } from "@shared/models/logits";
import type { ModelInfo } from "@shared/models/model";

/** Everything that the manifest is made of. */
export interface BundleFacts {
  readonly version: string;
  readonly wish: ExportWish;
  readonly plan: ExportPlan;
  readonly adapter: StoredAdapter;
  readonly info: ModelInfo;
  readonly baseDigest: string;
  readonly described: { readonly targets: readonly string[]; readonly tensors: number };
  readonly training: { readonly rows: number | null; readonly steps: number | null; readonly firstLoss: number | null };
  readonly found: LogitDistance;
  readonly comparedOn: CheckTexts["on"];
  readonly files: readonly BundleFile[];
  readonly gates: readonly ExportGate[];
  /** What the merge has to say. */
  readonly notes: readonly string[];
}

export function bundleOf(facts: BundleFacts): Bundle {
  const { version, wish, plan, adapter, info, baseDigest, described, training, found, files } = facts;
  const profile = profiles[wish.profile];
  const file_type = mainType(info);
  const merged = files.find(({ role }) => role === "merged");
  const loaded = merged ?? files.find(({ role }) => role === "base") ?? null;
  return bundleSchema.parse({
    format: 1,
    name: adapter.name,
    profile: wish.profile,
    created_by: { hone: version, engine: version, commit: null },
    base: {
      name: info.name.slice(0, 300),
      arch: info.architecture,
      sha256: baseDigest,
      bytes: info.fileBytes,
      file_type,
      params: info.parameters,
      hidden_activation: info.activation.kind,
      licence: info.license?.slice(0, 2000) ?? null,
      source: null,
    },
    adapter: {
      sha256: adapter.digest,
      bytes: adapter.bytes,
      rank: adapter.rank,
      alpha: adapter.alpha,
      targets: [...described.targets],
      dtype: "F32",
      tensors: described.tensors,
    },
    files: [...files],
    merge: {
      applied: profile.merged,
      formula: "W + alpha/r·B·A",
      quantised_from: profile.merged ? file_type : null,
    },
    training: {
      dataset_sha256: adapter.datasetDigest,
      recipe_sha256: adapter.recipe ? recipeDigest(adapter.recipe) : (adapter.passport?.recipeDigest ?? null),
      rows: training.rows ?? adapter.passport?.rows ?? null,
      steps: training.steps ?? adapter.passport?.steps ?? null,
      loss_before: training.firstLoss,
      loss_after: adapter.finalTrainLoss,
      seed: adapter.recipe?.seed ?? null,
    },
    eval: {
      tokens: found.tokens,
      on: facts.comparedOn,
      kl_merged_vs_adapter: rounded(found.divergence),
      top1_agreement: rounded(found.top1Agreement),
      max_logit_difference: rounded(found.maxDifference),
      mean_square_difference: rounded(found.meanSquare),
      exact_answers: exactAnswers(adapter),
    },
    phones: profile.phone ? [{ profile: wish.profile, min_ram_gb: plan.phoneGb, file: loaded?.path ?? null }] : [],
    warnings: [...facts.gates.filter(({ state }) => state === "warn").map(({ text }) => text), ...facts.notes],
    checks: [
      {
        runtime: "hone",
        version,
        result: `loaded again; the likeliest token agrees at ${(found.top1Agreement * 100).toFixed(1)} % of ${found.tokens} tokens`,
      },
    ],
    parents: parentsOf(adapter, info, baseDigest),
  } satisfies Bundle);
}

/** The base, and the adapter with what it was before it came in a bundle. */
function parentsOf(adapter: StoredAdapter, info: ModelInfo, baseDigest: string): Bundle["parents"] {
  const before = (adapter.passport?.parents ?? []).filter(({ kind }) => kind === "adapter");
  const own = { kind: "adapter" as const, name: adapter.name, sha256: adapter.digest };
  const base = { kind: "base" as const, name: info.name.slice(0, 300), sha256: baseDigest };
  return [base, ...before.filter(({ sha256 }) => sha256 !== own.sha256).slice(-18), own];
}

export const bundleText = (bundle: Bundle) => `${JSON.stringify(bundle, null, 2)}\n`;

export const probeText = (probes: ProbeFile) => `${JSON.stringify(probeFileSchema.parse(probes), null, 2)}\n`;

/** Six digits say all there is to say, and hide the order in which sums were taken. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Null where the adapter was not scored, or on rows that have no answers. */
function exactAnswers({ scoreBefore, scoreAfter }: StoredAdapter): Bundle["eval"]["exact_answers"] {
  const before = scoreBefore?.exactMatch ?? null;
  const after = scoreAfter?.exactMatch ?? null;
  return scoreAfter && before !== null && after !== null ? { rows: scoreAfter.rows, before, after } : null;
}
