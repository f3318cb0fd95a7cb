import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { asJsonLines, datasetSeed, datasetSizes, makeDataset } from "./dataset";

// node main/starter/recipe/run.mjs build-dataset.ts [FOLDER]: writes train.jsonl and test.jsonl.
const folder = resolve(process.argv[2] ?? "main/starter");
const { train, test } = makeDataset(datasetSeed, datasetSizes);
writeFileSync(resolve(folder, "train.jsonl"), asJsonLines(train));
writeFileSync(resolve(folder, "test.jsonl"), asJsonLines(test));
console.log(`${train.length} training rows and ${test.length} test rows in ${folder}`);
