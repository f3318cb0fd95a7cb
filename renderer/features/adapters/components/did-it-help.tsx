import { counted, loss } from "@renderer/lib/format";
import { Stat } from "@renderer/ui/panel";
import type { AdapterRecord } from "@shared/models/adapter";
import { describeChanges, describeForgetting, kindNames } from "../hooks/helped";
import { Before, Scores } from "./scores";

const tones = { good: "text-good", info: "text-ink-soft", warn: "text-warn" } as const;

/** The three questions about a finished adapter: the task, what was forgotten, how much it changes. Nothing before it is scored. */
export function DidItHelp({ adapter }: { readonly adapter: AdapterRecord }) {
  const { scoreAfter, effect } = adapter;
  if (!scoreAfter) return null;
  const forgetting = effect && describeForgetting(effect);
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(12rem,1fr))] gap-x-5 gap-y-3">
      <Stat
        name={kindNames[adapter.scoreBy ?? "exact"]}
        value={<Scores adapter={adapter} />}
        note={`on ${counted(scoreAfter.rows, "held-out row")}`}
      />
      {effect && (
        <Stat
          name="Loss on a neutral text"
          value={
            <>
              <Before>{loss(effect.generalLossBefore)}</Before>
              {loss(effect.generalLossAfter)}
            </>
          }
          note={forgetting && <span className={tones[forgetting.tone]}>{forgetting.words}</span>}
        />
      )}
      {effect && (
        <Stat name="Answers that changed" value={describeChanges(effect)} note="greedy, base against adapter" />
      )}
    </dl>
  );
}
