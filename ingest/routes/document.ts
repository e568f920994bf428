import { documentOf, type OpenApiDocument } from "../api/document.ts";
import { type Answer, ok, type Route } from "../route.ts";

/**
 * GET /openapi.json: what all routes are.
 * @param routes the table, which this route is in itself
 */
export function describing(routes: () => readonly Route[]): () => Promise<Answer> {
  let document: OpenApiDocument | undefined;
  return async () => ok((document ??= documentOf(routes())));
}
