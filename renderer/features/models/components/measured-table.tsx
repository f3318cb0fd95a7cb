import { Badge } from "@renderer/ui/badge";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { ModelInfo } from "@shared/models/model";
import { supportTable } from "@shared/support/support";
import { errorText } from "../main-types";
import { rowsAtHand } from "../measured";

const mergedTypes = ["f16", "q8_0", "q4_k_m", "q4_0"] as const;

/** Every architecture and type with what the engine's tests measured. */
export function MeasuredTable({ infos }: { readonly infos: readonly ModelInfo[] }) {
  const atHand = rowsAtHand(infos, supportTable);
  return (
    <section aria-labelledby="measured" className="flex flex-col gap-2">
      <h2 id="measured" className="font-semibold">
        Measured for every kind of file
      </h2>
      <Table label="Measured errors by architecture and type">
        <thead>
          <tr>
            <Th rowSpan={2}>Architecture</Th>
            <Th rowSpan={2}>Type</Th>
            <Th rowSpan={2}>Loads</Th>
            <Th rowSpan={2}>Inputs</Th>
            <Th rowSpan={2} className="text-right">
              Logits error
            </Th>
            <Th rowSpan={2} className="text-right">
              Gradient error
            </Th>
            <Th rowSpan={2}>Trains</Th>
            <Th rowSpan={2}>Adapter out</Th>
            <Th scope="colgroup" colSpan={mergedTypes.length} className="border-b-0 pb-0 text-center">
              Merged into
            </Th>
          </tr>
          <tr>
            {mergedTypes.map((type) => (
              <Th key={type} className="text-right font-mono">
                {type.toUpperCase()}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {supportTable.map((row) => (
            <Tr key={row.model} title={`Measured on the fixture ${row.model}`}>
              <Td className="whitespace-nowrap">
                {row.architecture} {atHand.has(row) && <Badge tone="accent">yours</Badge>}
                <span className="ml-1 font-mono text-xs text-ink-faint max-xl:sr-only">{row.model}</span>
              </Td>
              <Td className="font-mono text-sm">{row.type}</Td>
              <Td>Yes</Td>
              <Td className="whitespace-nowrap">{row.inputs}</Td>
              <Td className="num text-right whitespace-nowrap">{errorText(row.logitsError)}</Td>
              <Td className="num text-right whitespace-nowrap">{errorText(row.gradientError)}</Td>
              <Td>Yes</Td>
              <Td className="whitespace-nowrap">{row.exportedExactly ? "same bits" : "differs"}</Td>
              {mergedTypes.map((type) => (
                <Td key={type} className="num text-right whitespace-nowrap">
                  {errorText(row.merged[type])}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      <div className="flex max-w-4xl flex-col gap-1 text-sm text-pretty text-ink-soft">
        <p>
          <b className="font-medium">Logits error</b>: largest difference from a float64 computation, as a share of the
          logits’ standard deviation. <b className="font-medium">Gradient error</b>: largest relative error of an
          adapter’s gradients. Both with inputs not rounded. Ternary models round the inputs of their matrices to 8
          bits, one scale per token, as they were trained; that changes their logits by about 1e-3 (normalised mean
          square). Q8_0 and Q4_0 round them to 16 bits, one scale per 32, where the processor has instructions for it:
          below 1e-7.
        </p>
        <p>
          <b className="font-medium">Merged</b>: how far base and adapter written as one model are from base and adapter
          side by side (normalised mean square of the logits; 1 would be as far as a constant). Small models of random
          weights with an adapter on every matrix: trained models lose less. Every merge is measured on your own model
          before its file is kept.
        </p>
      </div>
    </section>
  );
}
