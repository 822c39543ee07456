/** What a verb promises about the world. */
export type VerbKind = 'read' | 'write' | 'destroy' | 'other';

/** Verbs that only look. */
const READ =
  'get list search find read fetch show view describe lookup look browse check count inspect query retrieve preview ' +
  'validate verify compare diff analyze analyse explain summarize summarise estimate calculate compute convert ' +
  'translate detect extract parse suggest recommend watch monitor scan scrape crawl map ' +
  'print echo ask tell is has can identify classify evaluate audit measure poll peek head tail ' +
  'stat grep locate discover enumerate navigate snapshot screenshot capture wait profile rank score ' +
  'lint format highlight think trace probe hover decode encode hash collect gather review match';

/** Verbs that change something and can usually be followed by their opposite. */
const WRITE =
  'create add insert update edit modify set write put post send submit upload append save store change rename move ' +
  'copy clone duplicate assign unassign link unlink attach detach enable disable start stop restart pause resume ' +
  'close reopen publish unpublish deploy release merge approve reject request cancel schedule book order pay ' +
  'charge refund transfer invite subscribe unsubscribe follow unfollow star unstar fork push pull commit sync ' +
  'import register unregister configure apply patch upsert mark unmark tag untag label comment reply forward ' +
  'click type fill press drag drop select upload install login logout sign claim complete ' +
  'finish acknowledge archive unarchive restore lock unlock share unshare pin unpin grant transition log ' +
  'record rate vote report escalate transcribe provision scale toggle switch migrate rotate replace swap reset ' +
  'gzip zip compress reserve checkout notify announce broadcast message email call dial connect disconnect bind ' +
  'activate deactivate mute unmute handle triage block unblock ban join leave emit';

/** Verbs after which something is gone. */
const DESTROY =
  'delete remove drop purge destroy erase wipe clear truncate overwrite revoke terminate kill uninstall flush empty ' +
  'discard prune expire shred nuke';

/** Verbs that say what the tool does to the program, not to the world. */
const OTHER =
  'run execute invoke perform process do use manage convert transform evaluate plan split join sort filter sample ' +
  'simulate trigger open resolve track download export render generate build draft batch bulk make produce compose ' +
  'group aggregate predict train embed index reindex crop resize rotate speak say play record draw plot chart';

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const KINDS: readonly (readonly [VerbKind, ReadonlySet<string>])[] = [
  ['destroy', wordSet(DESTROY)],
  ['read', wordSet(READ)],
  ['write', wordSet(WRITE)],
  ['other', wordSet(OTHER)],
];

/**
 * Verbs that are nouns at least as often. In `get_commit` and
 * `list_pull_requests` they are what the verb is about; they count as verbs
 * only where no other verb is.
 */
const ALSO_NOUNS = wordSet(
  'commit link request status query release order comment tag label draft fork star pull push message email call ' +
    'report log record map score rank match type batch bulk review trace profile snapshot screenshot charge book ' +
    'schedule build index sample group plan chart plot head tail diff hash head share lock pin vote rate block view ' +
    'transfer refund invite import export search copy reply patch check count format process play draw trigger set ' +
    'download upload fill drop open close preview print scan watch archive split sort filter use mark make store post',
);

/** What kind of verb a word is; undefined when it is none that is known. */
export function verbKind(word: string): VerbKind | undefined {
  return KINDS.find(([, words]) => words.has(word))?.[0];
}

export interface HeadVerb {
  readonly verb: string;
  readonly kind: VerbKind;
}

/** Verbs that some servers put last: `issue_read`, `pull_request_review_write`. */
const TRAILING = wordSet('read write list get create update delete search');

/**
 * The verb that says what a tool does. The first word of the name if it is a
 * verb; else a plain verb further on (`issue_read`, `asana_search_tasks`);
 * else one that is also a noun.
 */
export function headVerb(words: readonly string[]): HeadVerb | undefined {
  const [first] = words;
  const firstKind = first === undefined ? undefined : verbKind(first);
  const plain = words.find((word) => verbKind(word) !== undefined && !ALSO_NOUNS.has(word));
  const last = words[words.length - 1];
  if (
    last !== undefined &&
    words.length > 1 &&
    TRAILING.has(last) &&
    (first === undefined || ALSO_NOUNS.has(first))
  ) {
    return { verb: last, kind: verbKind(last) ?? 'other' };
  }
  if (first !== undefined && firstKind !== undefined && (!ALSO_NOUNS.has(first) || plain === undefined)) {
    return { verb: first, kind: firstKind };
  }
  // `search_issues` keeps its first word: a verb that is also a noun is a verb when a noun follows it directly.
  if (first !== undefined && firstKind !== undefined && plain !== undefined && words.indexOf(plain) > 1) {
    return { verb: first, kind: firstKind };
  }
  const verb = plain ?? words.find((word) => verbKind(word) !== undefined);
  const kind = verb === undefined ? undefined : verbKind(verb);
  return verb === undefined || kind === undefined ? undefined : { verb, kind };
}

/** The verb inside an inflected word: `lists`, `listing`, `retrieves`, `copies` and `stopped` lead to their verbs. */
export function baseVerb(word: string): string | undefined {
  const candidates = [
    word,
    word.replace(/ies$/, 'y'),
    word.replace(/es$/, ''),
    word.replace(/s$/, ''),
    word.replace(/ing$/, ''),
    word.replace(/ing$/, 'e'),
    word.replace(/ed$/, ''),
    word.replace(/ed$/, 'e'),
    word.replace(/(.)\1(?:ing|ed)$/, '$1'),
  ];
  return candidates.find((candidate) => verbKind(candidate) !== undefined);
}

/**
 * True when a word of a text is a verb for certain: `stores` and `deletes`,
 * but not `order`, `release` or `list`, which are nouns as often.
 */
export function isPlainVerb(verb: string, word: string): boolean {
  if (!ALSO_NOUNS.has(verb)) return verbKind(verb) !== undefined;
  return word !== verb && !word.endsWith('s');
}
