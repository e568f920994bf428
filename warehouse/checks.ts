// Pure. Data tests: what a description promises → queries that count the rows that break it.

import type { Model } from "./models.ts";
import { quote } from "./sql.ts";

export interface Check {
  model: string;
  /** What holds, in words. */
  name: string;
  severity: "error" | "warn";
  /** One row, one column `failures`: how many rows break it. */
  sql: string;
}

/** All checks of a model: its key, its columns' tests, its identities. */
export function checksOf(model: Model): Check[] {
  const check = (name: string, severity: Check["severity"], rows: string): Check => ({
    model: model.name,
    name,
    severity,
    sql: `select count(*) as failures from (${rows}) as broken`,
  });
  const checks: Check[] = [];
  if (model.key.length > 0) {
    const key = model.key.join(", ");
    const isNull = model.key.map((column) => `${column} is null`).join(" or ");
    checks.push(
      check(`${key} is not null`, "error", `select 1 from ${model.name} where ${isNull}`),
      check(`${key} is unique`, "error", `select 1 from ${model.name} group by ${key} having count(*) > 1`),
    );
  }
  for (const column of model.columns)
    for (const test of column.tests) {
      if (test === "not_null")
        checks.push(
          check(
            `${column.name} is not null`,
            "error",
            `select 1 from ${model.name} where ${column.name} is null`,
          ),
        );
      else if (test === "unique")
        checks.push(
          check(
            `${column.name} is unique`,
            "error",
            `select 1 from ${model.name} where ${column.name} is not null group by ${column.name} having count(*) > 1`,
          ),
        );
      else if ("accepted_values" in test) {
        const values = test.accepted_values.map((value) =>
          typeof value === "number" ? value : quote(value),
        );
        checks.push(
          check(
            `${column.name} is one of ${test.accepted_values.join(", ")}`,
            test.severity,
            `select 1 from ${model.name} where ${column.name} not in (${values.join(", ")})`,
          ),
        );
      } else {
        const { to, field } = test.relationships;
        checks.push(
          check(
            `${column.name} is in ${to}.${field}`,
            test.severity,
            `select 1 from ${model.name} where ${column.name} is not null and ${column.name} not in (select ${field} from ${to} where ${field} is not null)`,
          ),
        );
      }
    }
  for (const test of model.tests) checks.push(check(test.name, test.severity, test.sql));
  return checks;
}
