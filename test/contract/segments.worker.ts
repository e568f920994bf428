// A Worker that has a bucket, and nothing to say.

export default { fetch: () => new Response(null, { status: 404 }) };
