import type { TraceFormat } from './format.js';
import azureFunctions2019 from './formats/azure-functions-2019.js';
import azureFunctions2021 from './formats/azure-functions-2021.js';
import azureLlm from './formats/azure-llm.js';
import corunAzure from './formats/corun-azure.js';
import corunCsv from './formats/corun-csv.js';

/** Every trace format, by the name that a scenario uses. One file, one line here, one test, one section in docs/traces.md. */
export const formats = {
  'corun-csv': corunCsv,
  'corun-azure': corunAzure,
  'azure-llm': azureLlm,
  'azure-functions-2019': azureFunctions2019,
  'azure-functions-2021': azureFunctions2021,
} satisfies Record<string, TraceFormat>;

/** What a trace is when the scenario does not say. */
export const defaultFormat = 'corun-csv' satisfies keyof typeof formats;
