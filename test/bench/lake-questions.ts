// Pure. The four questions that the lake is there for, as its readers ask them of the marts.

export const questions = [
  {
    name: "how long customers wait",
    sql: `select segment, entitlements, median_days, share_day_30 from time_to_activation_summary
      where dimension = 'product' order by entitlements desc`,
  },
  {
    name: "which platforms they use",
    sql: `select month, os_type, sum(active_hosts) as active_hosts from agg_platform_month group by all order by all`,
  },
  {
    name: "which license models are used",
    sql: `select month, license_model, sum(entitlements_active) as active, sum(seats_bound) as seats_bound
      from agg_license_model_month group by all order by all`,
  },
  {
    name: "what a customer was entitled to",
    sql: `select occurred_at, entitlement_id, what, subject, quantity_after, ends_at_after from entitlement_history
      where customer_id = 'C-1-0000042' order by occurred_at, change_number`,
  },
] as const;
