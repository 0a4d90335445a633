/**
 * Phrases that a reader in a hurry must read twice, each with what to write instead. They are looked for in prose, in strings
 * and in names, so each must be precise enough to hit nothing that is plain.
 */
export const BANNED: readonly (readonly [phrase: RegExp, better: string])[] = [
  // Word plays for what a program does.
  [/\b(?:un)?told\b/i, 'reported, printed, says, named'],
  [/\btell(?:s|ing)?\b/i, 'report, print, show, say; distinguish'],
  [/\b(?:tell|told|telling)[A-Z]\w*|\w+(?:Told|Tells?)\b/, 'a name with report, print or write'],
  [
    /\basked[A-Z]\w*|\bkeepApart\b|\bkeeps? [\w ]{0,20}apart\b|\bkept apart\b/,
    'a name with request; separate',
  ],
  [/\b(?:goes|go|gone|going|went) on\b/i, 'continues, resumes'],
  [/\bso long as\b/i, 'while'],
  [/\bwhat (?:became|becomes|has become) of\b/i, 'the result of, what happened to'],
  [
    /(?<!\bthere )\b(?:is|are|was|were) none\b|\b(?:with|where|of) none\b/i,
    'is not a …; without; there is no …',
  ],
  [/\bas (?:it|they|he|she) (?:stands?|stood)\b/i, 'unchanged'],
  [
    /\b(?:what|that|which|it|where|and|who|line|row|text|value|session|event|cell|place|key|file|finding|each) (?:stands?|stood) /i,
    'is, appears, is written',
  ],
  [
    /\bstands? (?:in|at|behind|beside|before|there|between|apart|alone|on|open|under|above|below|out|so)\b/i,
    'is in, appears in, follows',
  ],
  [/\b(?:what|as|that|where|whatever|which) may be\b/i, 'can be, could be'],
  [/\bwants\b/, 'needs, accepts, asks for'],
  [/\blets (?:go|in|through|out|pass|nothing|all|signals)\b/i, 'releases, allows, accepts'],
  [/\blet through\b/i, 'accepted'],
  [/, of which\b/i, 'a second sentence'],
  [/\bwhat is more\b/i, 'the rest, beyond it'],
  [/\b(?:so many|so much|so long)\b(?! (?:that|as)\b)/i, 'N, this many'],
  [/\bhow many(?:th| th)\b/i, 'the index of'],
  [/\bwhoever\b/i, 'a caller that, anyone who'],
  [/\b(?:is|are|was|were) (?:not )?to be [a-z]+(?:ed|en|t)\b/i, 'must be, will be'],
  [/\bcomes? to (?!an end)|\bcame to\b/i, 'results in, amounts to'],
  [/\btak(?:es?|ing) (?:in|down)\b/i, 'accepts, includes, records'],
  [/\bletter case aside\b/i, 'ignoring case'],
  [/\b(?:called|named|written|spelled) otherwise\b/i, 'with another name'],
  [/\bin place of\b/i, 'instead of'],
  [/\b(?:for|of|by) itself\b/i, 'alone, on its own'],
  [/\bfor ever\b/i, 'forever'],
  [/\banew\b/i, 'again'],
  [/\bplays? on\b(?= (?:for|in|and|again)\b|[.,;`])/i, 'continues, plays for another'],
  [
    /\bdraw(?:s|n)? (?:no |a |an |this |that |the )?(?:finding|rule|error|warning|diagnosis)/i,
    'breaks, causes, has',
  ],
  [/\b(?:is|are) held to\b|\bholds? it to\b/i, 'is compared with'],
  [/\bbelieved\b/i, 'accepted, checked, plausible'],
  [/\bat hand\b/i, 'current, in memory, ready'],
  [/\bgoes without saying\b/i, 'is implied'],
  [/\b(?:is|are) there twice\b/i, 'is repeated'],
  [/\bwithout one of its (?:events|rows)\b/i, 'in part'],
  [/\bbegun\b/i, 'started'],
  [/\b(?:un)?sound\b/i, 'valid, invalid'],
  [/\b(?:un)?mended\b|\bmends\b/i, 'fixed'],
  [/\blistenings\b/i, 'plays, sessions'],
  [/\bseldom\b|\bamiss\b|\bheedless\b|\bnaught\b|\bnobody sane\b/i, 'rarely, wrong, expensive'],
  [/\b(?:[Mm]oreover|[Tt]hereof|[Tt]herein|[Ww]hence|whereof|[Ll]est|[Bb]esides)\b/, 'also'],
  [
    /\b(?:(?:an?|one|\d+) (?:line|event|session|row|request|object|finding|file|value|record|body|cell)|lines|events|sessions|rows|requests|objects|findings|files|values|records|bodies|cells) an? (?:line|event|session|row|request|clip|file|input|record|body|bin|place|column|rule|bug|day)\b/,
    'one … per …',
  ],
  [
    /\bwhat (?:follows|comes|came|goes|lies|was|were|is|are|it|they|he|the \w+) [^.;:]{0,60}\b(?:comes? of|came of|came to|is worth|are worth)\b/i,
    'a noun',
  ],
];
