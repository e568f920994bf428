// Pure. A round past every shard, for what sleeps with something to do: each is asked to look after itself.

/** Shards asked at a time: six connections a request may have open, by https://developers.cloudflare.com/workers/platform/limits/ */
const MAX_AT_ONCE = 6;

/**
 * Asks every shard, a few at a time. One that fails keeps none of the others from being asked.
 * @param lookAfter asks the shard of a number
 * @param report is told what went wrong, and at which shard
 * @returns how many of them failed
 */
export async function sweep(
  shards: number,
  lookAfter: (shard: number) => Promise<void>,
  report: (error: unknown, shard: number) => void,
): Promise<number> {
  let next = 0;
  let failed = 0;
  const askOnAndOn = async (): Promise<void> => {
    while (next < shards) {
      const shard = next++;
      try {
        await lookAfter(shard);
      } catch (error) {
        failed += 1;
        report(error, shard);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(shards, MAX_AT_ONCE) }, askOnAndOn));
  return failed;
}
