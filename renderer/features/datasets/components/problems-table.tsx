import { count, counted } from "@renderer/lib/format";
import { Table, Td, Th } from "@renderer/ui/table";
import type { RowProblem } from "@shared/models/dataset";

/** Rows that cannot be used: where, what, and what to do. */
export function ProblemsTable({
  problems,
  total,
}: {
  readonly problems: readonly RowProblem[];
  readonly total: number;
}) {
  return (
    <section aria-labelledby="problems">
      <h2 id="problems" className="mb-1.5 font-semibold text-warn">
        {counted(total, "row")} cannot be used
      </h2>
      <Table label="Problems">
        <thead>
          <tr>
            <Th className="w-20 text-right">Line</Th>
            <Th>What is wrong</Th>
            <Th>What to do</Th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr key={`${problem.line} ${problem.code}`}>
              <Td className="num text-right align-top">{count(problem.line)}</Td>
              <Td className="align-top">
                {problem.message}
                <span className="block font-mono text-xs text-ink-faint">{problem.code}</span>
              </Td>
              <Td className="align-top text-ink-soft">{problem.hint}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {total > problems.length && (
        <p className="num mt-1 text-sm text-ink-faint">
          The first {count(problems.length)} of {count(total)} are shown.
        </p>
      )}
    </section>
  );
}
