/**
 * Every bound of the process in one place. A limit is always a positive
 * number: zero or undefined never means unlimited.
 */

/** What a client may send in one request, bytes. Larger: HTTP 413. */
export const REQUEST_BODY_BYTES_MAX: number = 1024 * 1024;

/**
 * Nesting of one JSON text, both directions. `JSON.parse` takes half a million
 * levels, but `JSON.stringify` and schema validators overflow the stack from a
 * few thousand; no honest MCP message comes near 64.
 */
export const JSON_DEPTH_MAX = 64;

/**
 * Values in one JSON text, both directions. Two MiB of `{},{},…` parse to
 * 45 MiB of heap and block the loop for 180 ms and more; 50,000 nodes stay
 * under about 10 ms.
 */
export const JSON_NODES_MAX = 50_000;

/** Longest number literal. Longer ones are a parser attack, not a quantity. */
export const JSON_NUMBER_CHARS_MAX = 32;

/** Object members with the same name are refused down to this depth (the envelope, params, `_meta`). */
export const JSON_DUPLICATE_KEY_DEPTH_MAX = 3;

/** Decoded bytes of one upstream answer, counted while they arrive. */
export const RESPONSE_BYTES_MAX_DEFAULT: number = 2 * 1024 * 1024;

/** The one total deadline of a call, and how far an operator can raise it. */
export const TIMEOUT_MS_DEFAULT = 10_000;
export const TIMEOUT_MS_MAX = 300_000;

/** Sliding-window limit per project. */
export const RATE_CALLS_DEFAULT = 60;
export const RATE_WINDOW_MS_DEFAULT = 60_000;
/** A log of one timestamp per admitted call is kept per key, so the limit itself needs a bound. */
export const RATE_CALLS_MAX = 100_000;

/** Requests that dispatch nothing (lists, ping, discover) per project and minute: generous, but bounded. */
export const CONTROL_RATE_CALLS_DEFAULT = 600;

/** Calls in flight and waiting per (project, upstream), and in flight per project. */
export const UPSTREAM_IN_FLIGHT_DEFAULT = 10;
export const UPSTREAM_WAITING_DEFAULT = 10;
export const UPSTREAM_WAIT_MS_DEFAULT = 1_000;
export const PROJECT_IN_FLIGHT_DEFAULT = 20;

/** Breaker: counted failures in the window that open it, the time open, and the successes that close it. */
export const BREAKER_FAILURES_DEFAULT = 5;
export const BREAKER_WINDOW_MS_DEFAULT = 300_000;
export const BREAKER_OPEN_MS_DEFAULT = 900_000;
export const BREAKER_PROBE_SUCCESSES_DEFAULT = 3;
/** A probe whose result never comes back frees its slot after this long. */
export const BREAKER_PROBE_LEASE_MS = 60_000;

/** How long running calls may go on after SIGTERM before they are cancelled. */
export const DRAIN_MS_DEFAULT = 30_000;

/** Time for a TCP and TLS connection to an upstream. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** Definitions of one kind (tools, resources …) that are taken from one upstream. */
export const UPSTREAM_LIST_ITEMS_MAX = 1_000;
/** Pages of one list that are fetched from one upstream. */
export const UPSTREAM_LIST_PAGES_MAX = 50;

/** Keys in an in-memory table keyed by something that a caller controls. */
export const TABLE_KEYS_MAX = 10_000;

/**
 * How far an operator can turn each knob of the configuration file. Beyond
 * these a typing error (seconds for milliseconds, bytes for KiB) is likelier
 * than a wish, and the guard would no longer guard.
 */
export const RATE_WINDOW_MS_MAX = 86_400_000;
/** Every call in flight may hold one answer of this size; 20 of them at 32 MiB are already 640 MiB. */
export const RESPONSE_BYTES_MAX_CEILING: number = 32 * 1024 * 1024;
export const IN_FLIGHT_MAX = 1_000;
export const WAITING_MAX = 1_000;
/** A caller that waits longer than this for a slot has usually given up. */
export const WAIT_MS_MAX = 60_000;
export const BREAKER_FAILURES_MAX = 1_000;
export const BREAKER_WINDOW_MS_MAX = 86_400_000;
export const BREAKER_OPEN_MS_MAX = 86_400_000;
export const BREAKER_PROBE_SUCCESSES_MAX = 100;
export const DRAIN_MS_MAX = 600_000;

/** A configuration file. A hand-written one has a few KiB; clients that keep history in theirs reach MiB. */
export const CONFIG_FILE_BYTES_MAX: number = 1024 * 1024;
/** Servers in one configuration; each is a process or a connection pool of its own. */
export const CONFIG_SERVERS_MAX = 100;
/** Members of one `headers`, `env` or `args` of a server. */
export const CONFIG_ENTRIES_MAX = 256;
/** Characters of one string of a configuration, before and after variables are filled in. */
export const CONFIG_STRING_CHARS_MAX = 32_768;

/** Open client connections of one HTTP server. More are closed at once instead of exhausting file descriptors. */
export const HTTP_CONNECTIONS_MAX = 10_000;
/**
 * Body that is read from a caller whose token nobody has looked at. Messages of
 * real clients have a few KiB; with the full size, every connection of a
 * stranger could hold a megabyte, ten gigabytes in all.
 */
export const UNKNOWN_CALLER_BODY_BYTES_MAX: number = 64 * 1024;

/** Messages of one stdio client that are worked on at once; above it the pipe itself pushes back. */
export const STDIO_CLIENT_IN_FLIGHT_MAX = 64;

/** Header block of an upstream answer; undici destroys the connection beyond it. */
export const UPSTREAM_HEADER_BYTES_MAX: number = 16 * 1024;
/**
 * Sockets to one upstream. Fewer make unrelated projects wait for each other,
 * more would let one slow upstream hold a large share of the descriptors.
 */
export const UPSTREAM_CONNECTIONS_MAX = 64;
/**
 * Requests to one upstream that are not over yet, those waiting for a socket
 * included. A cancelled request stays in the queue of a connection that is
 * being made, so without a bound a host that never accepts would grow it.
 */
export const UPSTREAM_PENDING_MAX = 256;
/** Body of an HTTP error status that is read in search of a JSON-RPC error. */
export const UPSTREAM_ERROR_BODY_BYTES_MAX: number = 64 * 1024;
/** Time for discovery and handshake over HTTP, independent of the caller that happened to be first. */
export const UPSTREAM_NEGOTIATE_MS = 10_000;
/** How long a stream may stay open after its final response before its socket is given up. */
export const UPSTREAM_LINGER_MS = 1_000;
/** Best-effort messages (cancellation, session end) get no longer than this. */
export const UPSTREAM_FAREWELL_MS = 1_000;
/** `Retry-After` of an upstream beyond this is not believed; below one second it would invite a storm. */
export const UPSTREAM_RETRY_AFTER_MS_MAX = 300_000;
export const UPSTREAM_RETRY_AFTER_MS_MIN = 1_000;
/** Requests of an upstream to its client that are answered during one call; more are ignored. */
export const UPSTREAM_REPLIES_MAX = 16;
/** Text of a JSON-RPC error that is passed on, characters, and its `data`, bytes of JSON. */
export const UPSTREAM_ERROR_MESSAGE_CHARS_MAX = 1_000;
export const UPSTREAM_ERROR_DATA_BYTES_MAX: number = 8 * 1024;
/**
 * URI of a missing resource that an error repeats, characters. Real URIs end far below; a request may hold
 * one of megabytes, and its error must not send them back. Longer ones are answered without it.
 */
export const ERROR_URI_CHARS_MAX = 2_048;
/** Bytes of all pages of one list of one upstream. */
export const UPSTREAM_LIST_BYTES_MAX: number = 8 * 1024 * 1024;

/** Time for a child process to start and to finish its handshake: `npx` may install first. */
export const STDIO_START_MS = 30_000;
/** Silence after `server/discover` that is read as "legacy"; the handshake then goes on in the same process. */
export const STDIO_PROBE_MS = 2_000;
/** Requests in flight to one child. */
export const STDIO_IN_FLIGHT_MAX = 256;
/** Bytes that wait for a child to read its stdin; a child that stopped reading gets nothing more. */
export const STDIO_STDIN_BYTES_MAX: number = 4 * 1024 * 1024;
/** Bytes of one over-long line that are thrown away before the child is killed. */
export const STDIO_DISCARD_BYTES_MAX: number = 32 * 1024 * 1024;
/** Lines on stdout since the last valid message that are no message; more, and the child is killed. */
export const STDIO_NOISE_LINES_MAX = 1_000;
/** stderr lines of one child that are logged per second. */
export const STDIO_STDERR_LINES_PER_SECOND_MAX = 20;
/** Pause before a crashed child is started again: the first, and what doubling ends at. */
export const STDIO_BACKOFF_MS_MIN = 1_000;
export const STDIO_BACKOFF_MS_MAX = 60_000;
/** A child that lived this long is healthy: the next crash starts at the first pause again. */
export const STDIO_HEALTHY_MS = 60_000;
/** Steps of stopping a child: end of stdin, SIGTERM, SIGKILL, this long apart. */
export const STDIO_STOP_STEP_MS = 1_000;

/**
 * Least time between two wake-ups of the shared deadline timer, and so the
 * most by which a deadline is late. Shorter wakes an idle machine for nothing;
 * longer shows in a one-second wait for a slot.
 */
export const DEADLINE_TICK_MS = 10;

/**
 * Calls in flight in the whole process. One call can hold about 13 MiB (body,
 * parsed values, answer, encoded answer), so 100 of them reach 1.3 GiB; the
 * gateway lowers the figure to what its memory allows.
 */
export const PROCESS_IN_FLIGHT_DEFAULT = 100;
/** Share of those slots that only the handshake and ping may use, or a full gateway looks dead to its clients. */
export const PROCESS_IN_FLIGHT_RESERVE_SHARE = 0.1;
/** What one call can hold at most, for sizing `PROCESS_IN_FLIGHT_DEFAULT` to a machine. */
export const CALL_MEMORY_BYTES_MAX: number = 13 * 1024 * 1024;

/** Retry hint when the process is full or overloaded; long enough for running calls to end. */
export const OVERLOADED_RETRY_MS = 1_000;
/** Retry hint when a project's slots are taken. Below it, agents poll; above it, slots lie idle. */
export const CONCURRENCY_RETRY_MS = 500;
/** Retry hint while another call probes a recovering upstream. */
export const BREAKER_BUSY_RETRY_MS = 1_000;
/** How much longer than its own deadline a probe may hold its lease, for the journal and a late timer. */
export const BREAKER_PROBE_SLACK_MS = 5_000;

/** Least time between two full searches of a full table for idle keys: 10,000 keys cost about half a millisecond. */
export const TABLE_SWEEP_MS_MIN = 1_000;

/** Violations named in one refusal; an agent mends a few at a time, and the message stays short. */
export const VIOLATIONS_MAX = 10;

/**
 * An input schema of an upstream. None of the reference servers' tools reaches
 * 1 KiB; 245 KiB of nested `anyOf` took 5 s to compile.
 */
export const SCHEMA_BYTES_MAX: number = 64 * 1024;
/**
 * Schema objects in one input schema, and how deep they nest. Compiling costs
 * about 0.25 ms for each, once per tool, so the worst one takes a quarter of a
 * second, and up to half a second with `unevaluatedProperties`.
 */
export const SCHEMA_SUBSCHEMAS_MAX = 1_000;
export const SCHEMA_DEPTH_MAX = 32;
/** Branches of `anyOf`, `oneOf` and `allOf` in one schema, summed up: each may look at the whole of the arguments. */
export const SCHEMA_BRANCHES_MAX = 256;
/** Values of one `enum`. The list of all time zones has about 450. */
export const SCHEMA_ENUM_VALUES_MAX = 1_000;
/** Characters of one `pattern`. */
export const SCHEMA_PATTERN_CHARS_MAX = 1_000;
/**
 * Schema objects applied, and values compared, in one validation. `$ref` can
 * double the work at each of 30 levels, on tiny arguments; the 50,000 values
 * that one request can carry need about 100,000 steps, and a step that fails
 * costs up to a microsecond.
 */
export const SCHEMA_STEPS_MAX = 400_000;
/** Instructions of all patterns of one schema together; `a{1000}` alone has a thousand. */
export const SCHEMA_PATTERN_SIZE_MAX = 10_000;
/**
 * Characters times instructions of the pattern engine in one validation. A
 * step costs up to 50 ns, so the worst case is a quarter of a second; 3,000
 * UUIDs in one call still pass.
 */
export const SCHEMA_PATTERN_STEPS_MAX = 5_000_000;

/** Characters of a JSON-RPC id. It is echoed in every answer and kept while the call runs; UUIDs have 36. */
export const JSONRPC_ID_CHARS_MAX = 256;
/** Characters of a method name; the longest that MCP defines has 42. Longer ones only fill logs. */
export const JSONRPC_METHOD_CHARS_MAX = 128;
/** Messages in one batch (2025-03-26 only). Each may become a call, so one body must not buy thousands. */
export const JSONRPC_BATCH_ENTRIES_MAX = 50;
/** Characters of a tool or prompt name. MCP recommends 128; a prefix for the upstream has to fit as well. */
export const DEFINITION_NAME_CHARS_MAX = 256;
/** Characters of a resource URI. RFC 9110 asks for 8,000 octets; longer ones do not fit into a header. */
export const RESOURCE_URI_CHARS_MAX = 8_192;
/** Characters of the value to complete: what a person has typed so far, or a URI. It is sent upstream at each key. */
export const COMPLETION_VALUE_CHARS_MAX = 8_192;
/** Characters of a pagination cursor, which is opaque and comes from the caller again. */
export const CURSOR_CHARS_MAX = 4_096;
/** Characters of a protocol version that is echoed as `requested`; real ones have 10. */
export const PROTOCOL_VERSION_CHARS_MAX = 64;
/** W3C Trace Context asks to carry at least 512 characters of `tracestate`; more is dropped. */
export const TRACESTATE_CHARS_MAX = 512;
/** W3C Baggage asks to carry at least 8,192 bytes; more is dropped. */
export const BAGGAGE_CHARS_MAX = 8_192;
/** `x-mcp-header` declarations of one tool. Node accepts 100 headers in all, the standard ones included. */
export const PARAM_HEADERS_MAX = 64;
/** Results up to this size are copied into one buffer: below it one write costs more than the copy. */
export const ENCODE_COPY_BYTES_MAX: number = 16 * 1024;

/** How long a known token is trusted without asking the store; the bound on a missed revocation notice. */
export const TOKEN_CACHE_MS_MAX = 30_000;
/** How long an unknown or refused token is remembered. Longer would delay a token that was just created. */
export const TOKEN_CACHE_REFUSED_MS_MAX = 5_000;
/** Token look-ups under way at once; the next one is refused. A flood of made-up tokens must not queue without end. */
export const TOKEN_LOOKUPS_PENDING_MAX = 1_000;
/** `last_used_at` is written at most this often per token: every call would turn reading into writing. */
export const TOKEN_LAST_USED_RESOLUTION_MS = 300_000;
/** Tool names on one token's allow-list. */
export const TOKEN_TOOL_ALLOW_LIST_MAX = 1_000;

/** Callers that wait for a database connection; the next one is refused at once instead of piling up. */
export const DATABASE_WAITING_MAX = 1_000;
/** Time for a connection out of the pool, and for one statement on a server. */
export const DATABASE_ACQUIRE_MS = 5_000;
export const DATABASE_STATEMENT_MS = 5_000;
/** Connections to a PostgreSQL server per process. More than the cores of the server only queue there. */
export const DATABASE_CONNECTIONS_MAX = 10;
/**
 * The embedded engine has no statement timeout: a worker that is silent for
 * longer than this is terminated and reopened. A VACUUM of a large table takes
 * seconds, so less would kill honest work; more would leave every call waiting
 * behind an engine that spins (it does on a full disk).
 */
export const EMBEDDED_STATEMENT_MS_MAX = 60_000;
/** The embedded engine has no checkpointer and no autovacuum of its own. */
export const EMBEDDED_CHECKPOINT_INTERVAL_MS = 60_000;
export const EMBEDDED_ANALYZE_INTERVAL_MS = 300_000;
export const EMBEDDED_VACUUM_INTERVAL_MS = 3_600_000;
/** A data folder whose owner shows no sign of life for this long may be taken over; the sign is renewed four times as often. */
export const FOLDER_LOCK_STALE_MS = 10_000;
export const FOLDER_LOCK_HEARTBEAT_MS = 2_500;
/** Rows that one list or search of the store returns at most. */
export const LIST_ROWS_MAX = 500;

/** Characters of one free-text column of an audit row; a caller can write a tool name of a megabyte. */
export const AUDIT_TEXT_CHARS_MAX = 512;
/** Rows that the audit flusher moves in one statement, and how long a row waits for company. */
export const AUDIT_BATCH_RECORDS_MAX = 1_000;
export const AUDIT_FLUSH_INTERVAL_MS = 250;
/** First and longest pause after a failed write to the database. */
export const AUDIT_RETRY_MS_MIN = 250;
export const AUDIT_RETRY_MS_MAX = 10_000;
/**
 * Finished records held in memory for the database. Beyond it they are only in
 * the journal and read back from there: about 30 MB of heap when the database
 * is away, instead of one object per call until the process dies.
 */
export const AUDIT_QUEUE_RECORDS_MAX = 20_000;
/** A journal file is closed at this size, so that what the database has can be deleted piece by piece. */
export const JOURNAL_SEGMENT_BYTES: number = 8 * 1024 * 1024;
/** Journal that the database has not taken yet. At the bound calls are refused: an unrecorded call is not made. */
export const JOURNAL_BYTES_MAX: number = 256 * 1024 * 1024;
/** Time after its deadline when a call without an outcome is recorded as abandoned. */
export const AUDIT_ABANDON_GRACE_MS = 60_000;
/** How often open calls are looked through for abandoned ones. */
export const AUDIT_REAP_INTERVAL_MS = 5_000;

/** Projects whose upstream connections are open at once; the one used longest ago makes room. */
export const PROJECT_RUNTIMES_MAX = 1_000;
/** How often the journal folder is searched for files of processes that have died. */
export const AUDIT_RECOVERY_INTERVAL_MS = 60_000;
/** How often partitions of the audit log are made ahead; three months are ahead, so many turns may fail. */
export const PARTITION_INTERVAL_MS: number = 12 * 3_600_000;
/** The first look for expired months comes this long after the start, when the calls that waited for it are served. */
export const RETENTION_FIRST_MS = 60_000;
/** Days that the audit log is kept; shorter than a day would drop calls that an agent still works on, longer than ten years is no log. */
export const AUDIT_RETENTION_DAYS_DEFAULT = 90;
export const AUDIT_RETENTION_DAYS_MIN = 1;
export const AUDIT_RETENTION_DAYS_MAX = 3_650;
/** Rows that are copied to a server in one statement: more only grows the memory of both sides, fewer cost a round trip each. */
export const GRADUATE_BATCH_ROWS = 1_000;
/** Files of one backup. A database has about a thousand and some per partition; more is an archive that somebody else made. */
export const BACKUP_FILES_MAX = 1_000_000;
/** Dropping a month waits this long for whoever reads the log; while it waits, everybody else waits behind it. */
export const RETENTION_LOCK_MS = 2_000;

/**
 * What the linter examines. Definitions come from strangers, and the linter
 * runs in build jobs without a deadline: its work is bounded by these alone.
 * The largest tool of the surveyed servers has 40 KiB of JSON; a bound near it
 * would call honest tools unexamined, and 256 KiB still takes under 50 ms.
 */
export const LINT_TOOL_CHARS_MAX: number = 256 * 1024;
export const LINT_TOOL_NODES_MAX = 10_000;
/** Characters of all tools of one run: three seconds of work. What one upstream may list at most. */
export const LINT_CHARS_MAX: number = 8 * 1024 * 1024;
/** Definitions of one kind; what one upstream may list. */
export const LINT_ITEMS_MAX = 1_000;
/** Characters of one description that are read; two thousand words, ten times the advised length. */
export const LINT_TEXT_CHARS_MAX = 8_192;
/** Named members of one schema that are looked at one by one. */
export const LINT_PARAMS_MAX = 1_000;
/** Subschemas that are compiled in one run: at 0.25 ms for the worst of them, five seconds. */
export const LINT_COMPILED_SUBSCHEMAS_MAX = 20_000;
/** Tools that are compared with each other, which takes time by the square: 80,000 pairs. */
export const LINT_COMPARED_TOOLS_MAX = 400;
/** Findings of one run. A person reads a hundred; the rest says that the file is not what it was taken for. */
export const LINT_FINDINGS_MAX = 20_000;
/** Bytes of a file of definitions, of a snapshot or of a baseline. */
export const LINT_FILE_BYTES_MAX: number = 16 * 1024 * 1024;

/**
 * How long a handler may go on after its call was aborted before the call is answered without it. Less cuts off
 * handlers that only have to close a file; more lets a handler that ignores its signal hold its caller.
 */
export const HANDLER_ABORT_GRACE_MS = 250;
/**
 * Handlers of one server that still run although their calls are over. Each holds memory and whatever it waits for;
 * at the bound the server refuses calls instead of collecting more of them.
 */
export const HANDLERS_ABANDONED_MAX = 100;
/** Tools, resources and prompts of one server, each. Models choose badly from a few dozen already. */
export const SERVER_DEFINITIONS_MAX = 1_000;
/** How long the outcome of a write is kept under its idempotency key: longer than any retry of an agent, shorter than a day of memory. */
export const IDEMPOTENCY_KEEP_MS = 3_600_000;
/** Characters of an idempotency key; a UUID has 36. */
export const IDEMPOTENCY_KEY_CHARS_MAX = 128;
/**
 * Outcomes kept in memory at once, of one project and of all, and their bytes. At the bound keyed writes are refused:
 * dropping an outcome early would let a retry take effect twice. One project cannot use up the room of the others.
 */
export const IDEMPOTENCY_PROJECT_KEYS_MAX = 5_000;
export const IDEMPOTENCY_KEYS_MAX = 20_000;
export const IDEMPOTENCY_PROJECT_BYTES_MAX: number = 16 * 1024 * 1024;
export const IDEMPOTENCY_BYTES_MAX: number = 64 * 1024 * 1024;
/** An audit file of a server without a database is renamed at this size and the one before it deleted, so a disk holds two. */
export const AUDIT_FILE_BYTES_MAX: number = 64 * 1024 * 1024;
/** Values of one completion (MCP `server/utilities/completion`: at most 100). */
export const COMPLETION_VALUES_MAX = 100;
/** Tokens in the list of a server without a database. More belong into one. */
export const SERVER_TOKENS_MAX = 1_000;
/** Characters of a bearer token that is configured by hand. Shorter ones can be guessed. */
export const SERVER_TOKEN_CHARS_MIN = 20;

/** What an administrator may send in one request, bytes: a token with a full allow-list of long names, and no more. */
export const ADMIN_BODY_BYTES_MAX: number = 256 * 1024;
/**
 * Admin requests under way at once. They share the database with calls: more would let whoever floods the admin
 * surface slow the data plane down; fewer would let one slow export and a few readers lock an administrator out.
 */
export const ADMIN_REQUESTS_IN_FLIGHT_MAX = 16;
/** How long it is believed whether an operator token exists, for requests from elsewhere than this machine. */
export const ADMIN_PRESENCE_CACHE_MS = 1_000;
/** Rows of one page when the caller does not say. */
export const ADMIN_PAGE_ROWS_DEFAULT = 50;
/** Tokens of one project, and of operators, that are not revoked. A leaked admin token must not fill the disk with more. */
export const TOKENS_PER_PROJECT_MAX = 1_000;
export const OPERATOR_TOKENS_MAX = 100;
/** How far back a search across all projects goes when it names no start: further would sort the whole log. */
export const ADMIN_SEARCH_ALL_MS: number = 3_600_000;
/** An export whose reader takes nothing for so long is cut off: it holds a slot of the admin surface. */
export const ADMIN_EXPORT_STALL_MS = 30_000;
/** How long the command line waits for an answer. */
export const CLI_REQUEST_MS = 30_000;
/** Pause between two polls of `audit tail`. */
export const CLI_TAIL_POLL_MS = 1_000;
/**
 * How far before the newest call that it knows `audit tail` looks again: a call is recorded when it ends and stands
 * where it began, and none lasts longer than five minutes and a grace.
 */
export const CLI_TAIL_OVERLAP_MS = 330_000;
/** Calls of the overlap that `audit tail` remembers. With more the oldest are forgotten and could be shown twice. */
export const CLI_TAIL_CALLS_MAX = 50_000;
/** Bytes of an answer that the command line reads, exports excepted. */
export const CLI_ANSWER_BYTES_MAX: number = 16 * 1024 * 1024;

/**
 * How long a list waits for upstreams that have not answered yet. Shorter than
 * the deadline of the list itself (10 s), which would lose the other upstreams
 * too; long enough for a server that `npx` starts from its cache.
 */
export const LIST_WAIT_MS = 7_000;
