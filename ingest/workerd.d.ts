// What we use of workerd's own modules. The package of its types would bring globals that hide those of the DOM and Node.

declare module "cloudflare:workers" {
  import type { DurableObjectState } from "@cloudflare/workers-types";

  /** A class whose methods others may call. */
  abstract class DurableObject<Environment> {
    protected ctx: DurableObjectState;
    protected env: Environment;
    constructor(ctx: DurableObjectState, env: Environment);
  }
}
