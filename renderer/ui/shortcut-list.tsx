import { places } from "@renderer/lib/places";
import { Kbd } from "@renderer/ui/kbd";
import type { ReactNode } from "react";

const everywhere: readonly (readonly [string, string])[] = [
  ["mod+k", "Command palette"],
  ["n", "New run"],
  ["?", "These shortcuts"],
  ["esc", "Close what is open"],
];
const writing: readonly (readonly [string, string])[] = [
  ["enter", "Send to all panes"],
  ["shift+enter", "New line"],
  ["esc", "Stop the answers"],
];
const charts: readonly (readonly [string, string])[] = [
  ["← →", "Read the values"],
  ["+ -", "Zoom"],
  ["PgUp PgDn", "Move along"],
  ["esc", "Show everything"],
];

export function ShortcutList() {
  return (
    <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
      <Group title="Pages">
        {places.map(({ keys, alt, name }) => (
          <Row key={name} what={name}>
            <Kbd keys={keys} /> <span className="text-xs text-ink-faint">or</span> <Kbd keys={alt} />
          </Row>
        ))}
      </Group>
      <div className="flex flex-col gap-4">
        <Group title="Everywhere">
          {everywhere.map(([keys, what]) => (
            <Row key={keys} what={what}>
              <Kbd keys={keys} />
            </Row>
          ))}
        </Group>
        <Group title="In a chart">
          {charts.map(([keys, what]) => (
            <Row key={keys} what={what}>
              {keys.split(" ").map((key) => (
                <Kbd key={key} keys={key} />
              ))}
            </Row>
          ))}
        </Group>
        <Group title="In the playground">
          {writing.map(([keys, what]) => (
            <Row key={keys} what={what}>
              <Kbd keys={keys} />
            </Row>
          ))}
        </Group>
      </div>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium text-ink-faint">{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Row({ what, children }: { readonly what: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 border-b border-line py-1 last:border-0">
      <dt>{what}</dt>
      <dd className="flex items-center gap-1.5">{children}</dd>
    </div>
  );
}
