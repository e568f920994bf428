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
  /** What it says, it says of rows of the model's own table: where there are none, it holds. */
  isOfRows: boolean;
  /** Where a row of that table breaks it by itself: the condition by which it does. */
  broken?: string;
}

/** All checks of a model: its key, its columns' tests, its identities. */
export function checksOf(model: Model): Check[] {
  const check = (name: string, rows: string, severity: Check["severity"] = "error"): Check => ({
    model: model.name,
    name,
    severity,
    rows,
    isOfRows: true,
  });
  const where = (condition: string) => `select 1 from ${model.name} where ${condition}`;
  const checkEach = (name: string, broken: string, severity?: Check["severity"]): Check => ({
    ...check(name, where(broken), severity),
    broken,
  });
  const checks: Check[] = [];
  if (model.key.length > 0) {
    const key = model.key.join(", ");
    checks.push(
      checkEach(`${key} is not null`, model.key.map((column) => `${column} is null`).join(" or ")),
      check(`${key} is unique`, `select 1 from ${model.name} group by ${key} having count(*) > 1`),
    );
  }
  for (const { name, tests } of model.columns)
    for (const test of tests) {
      if (test === "not_null") checks.push(checkEach(`${name} is not null`, `${name} is null`));
      else if (test === "unique")
        checks.push(
          check(`${name} is unique`, `${where(`${name} is not null`)} group by ${name} having count(*) > 1`),
        );
      else if ("accepted_values" in test)
        checks.push(
          checkEach(
            `${name} is one of ${test.accepted_values.join(", ")}`,
            `${name} not in (${test.accepted_values.map(literal).join(", ")})`,
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
  const identities = model.tests.map(({ name, severity, sql }) => check(name, sql, severity));
  return [...checks, ...identities.map((identity) => ({ ...identity, isOfRows: false }))];
}

/** How a failure of a check begins, in a load's words and among a snapshot's warnings. */
export function failureText({ model, name }: Pick<Check, "model" | "name">): string {
  return `${model}: "${name}" does not hold for `;
}

/**
 * One statement for all checks: rows of `position` in the list and `failures`, for those that fail. What each row of a table tells
 * by itself is counted in one pass over it.
 */
export function checkStatement(checks: readonly Check[]): string {
  const placed = checks.map((check, position) => ({ ...check, position }));
  const alone = placed
    .filter(({ broken }) => broken === undefined)
    .map(
      ({ rows, position }) => `select ${position} as position, count(*) as failures from (${rows}) as broken`,
    );
  const together = Array.from(
    Map.groupBy(
      placed.filter(({ broken }) => broken !== undefined),
      ({ model }) => model,
    ),
    ([model, ofTable]) => {
      const counts = ofTable.map(({ broken = "" }) => `count(*) filter (where ${broken})`);
      const positions = ofTable.map(({ position }) => position);
      return `select unnest([${positions.join(", ")}]) as position, unnest([${counts.join(", ")}]) as failures from ${model}`;
    },
  );
  return `select position, failures from (${[...alone, ...together].join(" union all ")}) as counts where failures > 0 order by position`;
}

function literal(value: string | number): string {
  return typeof value === "number" ? String(value) : quote(value);
}
