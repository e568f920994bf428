import { describe } from "vitest";
import { keepsTheContract } from "./contract.ts";
import { startOnNode } from "./node.ts";

describe("the service on Node", () => {
  keepsTheContract(startOnNode);
});
