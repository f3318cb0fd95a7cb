import { bytes } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Skeleton } from "@renderer/ui/skeleton";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import { mergeTypes } from "@shared/models/merge";
import type { ModelRecord } from "@shared/models/model";
import { supportTable } from "@shared/support/support";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { Fragment, useId, useState } from "react";
import { Link } from "wouter";
import { useMergePlans } from "../api/merge-plans";
import { errorText, isTernaryModel, mainTypes } from "../main-types";
import { measuredFor } from "../measured";
import { notesByTypes } from "../merge-notes";

/** One row per model; each opens to what merging would come to. */
export function ShelfSupport({ models }: { readonly models: readonly ModelRecord[] }) {
  return (
    <Table label="Your models and what works with them">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Loads</Th>
          <Th className="text-right">Logits error</Th>
          <Th className="text-right">Gradient error</Th>
          <Th>Trains</Th>
          <Th>Adapter out</Th>
          <Th>Merged into</Th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} />
        ))}
      </tbody>
    </Table>
  );
}

function ModelRow({ model }: { readonly model: ModelRecord }) {
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const { info } = model;
  const measured = measuredFor(info, supportTable);
  const works = info.whyNotTrainable.length === 0;
  const approximate = measured && !measured.exact;
  const why = approximate
    ? "No file of just this kind was measured; the worst of its architecture and of its types"
    : undefined;
  return (
    <Fragment>
      <Tr>
        <Td className="max-w-64">
          <Link href={`/models/${model.id}`} className="block truncate font-medium hover:underline">
            {info.name}
          </Link>
          <span className="block truncate text-xs text-ink-faint">
            {info.architecture} · {mainTypes(info.types)}
          </span>
        </Td>
        <Td>{model.missing ? <Badge tone="bad">File missing</Badge> : <YesNo yes={works} />}</Td>
        <Td className="num text-right whitespace-nowrap" title={why}>
          {works && measured ? `${approximate ? "≤ " : ""}${errorText(measured.logitsError)}` : "–"}
        </Td>
        <Td className="num text-right whitespace-nowrap" title={why}>
          {works && measured ? `${approximate ? "≤ " : ""}${errorText(measured.gradientError)}` : "–"}
        </Td>
        <Td>
          <YesNo yes={works} />
        </Td>
        <Td>{works ? "GGUF, PEFT" : "–"}</Td>
        <Td className="whitespace-nowrap">
          {works && !model.missing ? (
            <button
              type="button"
              aria-expanded={open}
              aria-controls={detailsId}
              className="-mx-1 inline-flex items-center gap-1 rounded px-1 hover:bg-hover"
              onClick={() => setOpen(!open)}
            >
              <ChevronRight size={15} aria-hidden className={clsx("transition-transform", open && "rotate-90")} />
              {mergeTypes.length} types<span className="sr-only"> that {info.name} can be merged into</span>
            </button>
          ) : (
            "–"
          )}
        </Td>
      </Tr>
      {(open || !works) && (
        <tr id={detailsId}>
          <Td colSpan={7} className="bg-sunken">
            {works ? (
              <MergeSizes model={model} />
            ) : (
              <ul className="list-disc pl-5 text-sm text-ink-soft">
                {info.whyNotTrainable.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            )}
          </Td>
        </tr>
      )}
    </Fragment>
  );
}

function YesNo({ yes }: { readonly yes: boolean }) {
  return yes ? <Badge tone="good">Yes</Badge> : <Badge tone="bad">No</Badge>;
}

/** Every type that base and adapter can be written in as one model, for an adapter on all matrices. */
function MergeSizes({ model }: { readonly model: ModelRecord }) {
  const query = useMergePlans(model.id);
  if (query.isError) return <ErrorPanel error={query.error} />;
  if (!query.data) return <Skeleton rows={3} />;
  return (
    <div className="flex flex-col gap-2 py-1 text-sm">
      <p className="text-ink-soft">
        Base and adapter as one model file, for an adapter on every matrix. Embedding and head stay as they are.
        {isTernaryModel(model.info) &&
          " Back into a ternary type it is measured and refused: weights rounded to −1, 0 and +1 cannot hold what an adapter learns."}
      </p>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-x-6 gap-y-1">
        {query.data.map((plan) => (
          <li key={plan.type} className="flex items-baseline gap-2">
            <span className="w-18 font-mono">{plan.type.toUpperCase()}</span>
            <span className="num">{bytes(plan.fileBytes)}</span>
          </li>
        ))}
      </ul>
      {notesByTypes(query.data).map(({ note, types }) => (
        <p key={note} className="text-xs break-words text-ink-faint">
          <span className="font-mono">{types}</span>: {note}
        </p>
      ))}
    </div>
  );
}
