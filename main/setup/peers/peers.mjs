import { llamaCpp } from "./llama-cpp.mjs";
import { pytorch } from "./pytorch.mjs";
import { qvac } from "./qvac.mjs";

/**
 * The engines to compare with that are here or can be installed: `{name, works, ask}`, where `ask` measures one request (see
 * the programs). One that cannot be had costs one line.
 */
export async function preparePeers(say) {
  const ready = [];
  for (const { name, works, prepare } of [llamaCpp, qvac, pytorch]) {
    try {
      ready.push({ name, works, ask: await prepare() });
    } catch (error) {
      say(`without ${name}: ${error.message.split("\n")[0]}`);
    }
  }
  return ready;
}
