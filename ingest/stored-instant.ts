// Pure. A time as events have it.

import { z } from "zod";

/** RFC 3339, UTC, microseconds: all of one length, so that texts sort as times do. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
