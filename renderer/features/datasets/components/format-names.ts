import type { DatasetFormat } from "@shared/models/dataset";

export const formatNames: Record<DatasetFormat, string> = {
  messages: "Messages",
  sharegpt: "ShareGPT",
  alpaca: "Alpaca",
  "prompt-completion": "Prompt and completion",
  text: "Plain text",
};

export const formatShapes: Record<DatasetFormat, string> = {
  messages: '{"messages": [{"role", "content"}, …]}',
  sharegpt: '{"conversations": [{"from", "value"}, …]}',
  alpaca: "instruction, input (optional), output",
  "prompt-completion": "prompt, completion",
  text: '{"text"} or plain lines; everything is learned',
};
