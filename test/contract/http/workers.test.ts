import { describe } from "vitest";
import { keepsTheContract } from "./contract.ts";
import { startOnWorkers } from "./workers.ts";

describe("the service on Workers", () => {
  keepsTheContract(startOnWorkers);
});
