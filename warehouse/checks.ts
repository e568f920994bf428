// Pure. Data tests: what a description promises → queries that count the rows that break it.

import type { Model } from "./models.ts";
import { quote } from "./sql.ts";

export interface Check {
  model: string;
  /** What holds, in words. */
  name: string;
  severity: "error" | "warn";
  /** A query of the rows that break it. */
  rows: string;
}

/** All checks of a model: its key, its columns' tests, its identities. */
export function checksOf(model: Model): Check[] {
  const check = (name: string, rows: string, severity: Check["severity"] = "error"): Check => ({
    model: model.name,
    name,
    severity,
    rows,
  });
  const where = (condition: string) => `select 1 from ${model.name} where ${condition}`;
  const checks: Check[] = [];
  if (model.key.length > 0) {
    const key = model.key.join(", ");
    checks.push(
      check(`${key} is not null`, where(model.key.map((column) => `${column} is null`).join(" or "))),
      check(`${key} is unique`, `select 1 from ${model.name} group by ${key} having count(*) > 1`),
    );
  }
  for (const { name, tests } of model.columns)
    for (const test of tests) {
      if (test === "not_null") checks.push(check(`${name} is not null`, where(`${name} is null`)));
      else if (test === "unique")
        checks.push(
          check(`${name} is unique`, `${where(`${name} is not null`)} group by ${name} having count(*) > 1`),
        );
      else if ("accepted_values" in test)
        checks.push(
          check(
            `${name} is one of ${test.accepted_values.join(", ")}`,
            where(`${name} not in (${test.accepted_values.map(literal).join(", ")})`),
            test.severity,
          ),
        );
      else {
        const { to, field } = test.relationships;
        // By another name: a table may refer to itself.
        checks.push(
          check(
            `${name} is in ${to}.${field}`,
            `${where(`${name} is not null`)} and not exists (select 1 from ${to} as related where related.${field} = ${model.name}.${name})`,
            test.severity,
          ),
        );
      }
    }
  return [...checks, ...model.tests.map(({ name, severity, sql }) => check(name, sql, severity))];
}

/** How a failure of a check begins, in a load's words and among a snapshot's warnings. */
export function failureText({ model, name }: Pick<Check, "model" | "name">): string {
  return `${model}: "${name}" does not hold for `;
}

/** One statement for all checks: rows of `position` in the list and `failures`, for those that fail. */
export function checkStatement(checks: readonly Check[]): string {
  const counts = checks.map(
    ({ rows }, position) => `select ${position} as position, count(*) as failures from (${rows}) as broken`,
  );
  return `select position, failures from (${counts.join(" union all ")}) as counts where failures > 0 order by position`;
}

function literal(value: string | number): string {
  return typeof value === "number" ? String(value) : quote(value);
}
