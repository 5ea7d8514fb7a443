// A search client of oba for InstantSearch (https://github.com/algolia/instantsearch): questions of its widgets in, answers in the
// shape that they draw out. No dependencies; works in browsers and in Node.js 18 and newer.
//
//   import instantsearch from 'instantsearch.js';
//   import { obaSearchClient } from './oba-search-client.js';
//   const search = instantsearch({ indexName: 'default', searchClient: obaSearchClient('http://127.0.0.1:7700') });
//
// The name of an index may be followed by an order: 'default/sort/date:desc'.

/// How many hits a page has where no widget says so, as InstantSearch has it.
const HITS_PER_PAGE = 20;

/// A search finds at most so many hits page by page.
const MAX_REACH = 1000;

/**
 * @param {string} address where oba serves, such as 'http://127.0.0.1:7700'
 * @param {{ key?: string, parameters?: object, fetch?: typeof fetch }} [options] a key that may search, and further parameters
 *   of each search, such as `{ fragmentSize: 120 }`
 */
export function obaSearchClient(address, { key, parameters = {}, fetch = globalThis.fetch } = {}) {
  const base = address.replace(/\/+$/, '');

  async function ask(index, body) {
    const headers = { 'content-type': 'application/json' };
    if (key) headers.authorization = `Bearer ${key}`;
    const route = index === 'default' ? '/search' : `/indexes/${encodeURIComponent(index)}/search`;
    const response = await fetch(base + route, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.message), { name: answer.code, status: response.status });
    return answer;
  }

  async function searchOne({ indexName, query, params = {} }) {
    const [index, sort] = indexName.split('/sort/');
    const asked = { query, ...params };
    const { page = 0, hitsPerPage = HITS_PER_PAGE } = asked;
    const offset = Math.min(page * hitsPerPage, MAX_REACH);
    const limit = Math.max(0, Math.min(hitsPerPage, 100, MAX_REACH - offset));
    const body = {
      q: asked.query ?? '',
      limit,
      offset,
      highlightPreTag: asked.highlightPreTag,
      highlightPostTag: asked.highlightPostTag,
      ...parameters,
    };
    const filter = filterOf(asked);
    if (filter) body.filter = filter;
    if (sort) body.sort = sort;
    const facets = facetsOf(asked);
    if (facets.length > 0) body.facets = facets;
    for (const name of ['highlightPreTag', 'highlightPostTag']) if (body[name] === undefined) delete body[name];
    return answerOf(await ask(index, body), asked, indexName, hitsPerPage);
  }

  return {
    search: async (requests) => ({ results: await Promise.all(requests.map(searchOne)) }),

    // What a refinement list with a search box asks for.
    searchForFacetValues: (requests) =>
      Promise.all(
        requests.map(async ({ indexName, params }) => {
          const { facetName, facetQuery = '', maxFacetHits = 10, ...rest } = params;
          const { facets, processingTimeMS } = await searchOne({ indexName, params: { ...rest, facets: [facetName], hitsPerPage: 0 } });
          const wanted = facetQuery.toLowerCase();
          const found = Object.entries(facets[facetName] ?? {}).filter(([value]) => value.toLowerCase().includes(wanted));
          const facetHits = found.slice(0, maxFacetHits).map(([value, count]) => ({ value, highlighted: value, count }));
          return { facetHits, exhaustiveFacetsCount: true, processingTimeMS };
        }),
      ),
  };
}

/** The filter, in the language of oba, that widgets and the application ask for together. */
export function filterOf({ filters, facetFilters = [], numericFilters = [] }) {
  const tests = [];
  if (filters) tests.push(`(${filters})`);
  for (const some of listOf(facetFilters)) tests.push(either(some, facetTest));
  for (const some of listOf(numericFilters)) tests.push(either(some, numericTest));
  return tests.join(' AND ');
}

function listOf(value) {
  return Array.isArray(value) ? value : [value];
}

/** One test, or several of which one is enough. */
function either(some, test) {
  const tests = listOf(some).map(test);
  return tests.length === 1 ? tests[0] : `(${tests.join(' OR ')})`;
}

/** `name:value`, or `name:-value` for all but that. */
function facetTest(text) {
  const colon = text.indexOf(':');
  const [name, value] = [text.slice(0, colon), text.slice(colon + 1)];
  const isNot = value.startsWith('-');
  // A minus behind a backslash is one of the value.
  return `${name} ${isNot ? '!=' : '='} ${quoted(isNot ? value.slice(1) : value.replace(/^\\-/, '-'))}`;
}

/** `name>=10`, or `name:1 TO 5`. */
function numericTest(text) {
  const range = /^(.+?):(.+) TO (.+)$/.exec(text);
  if (range) return `${range[1]} ${range[2].trim()} TO ${range[3].trim()}`;
  const [, name, sign, value] = /^(.+?)\s*(!=|>=|<=|=|>|<)\s*(.+)$/.exec(text);
  return `${name} ${sign} ${value}`;
}

function quoted(value) {
  return `"${value.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;
}

/** The members that are to be counted: `['*']` cannot be answered, for oba counts what is named. */
function facetsOf({ facets = [] }) {
  return listOf(facets).filter((name) => name !== '*');
}

function answerOf(answer, asked, index, hitsPerPage) {
  const { highlightPreTag: pre = '<em>', highlightPostTag: post = '</em>' } = asked;
  const reached = Math.min(answer.estimatedTotalHits, MAX_REACH);
  return {
    index,
    query: answer.query,
    params: '',
    hits: answer.hits.map((hit) => hitOf(hit, pre, post)),
    nbHits: answer.estimatedTotalHits,
    exhaustiveNbHits: false,
    page: asked.page ?? 0,
    hitsPerPage,
    nbPages: hitsPerPage > 0 ? Math.ceil(reached / hitsPerPage) : 0,
    facets: answer.facets,
    exhaustiveFacetsCount: true,
    processingTimeMS: answer.processingTimeMs,
    // What was repaired, for whoever shows it: "searched for привет instead of ghbdtn".
    searchedQuery: answer.searchedQuery,
    suggestedQuery: answer.suggestedQuery,
    corrections: answer.corrections,
  };
}

function hitOf(hit, pre, post) {
  const { snippet, markedTitle, ...members } = hit;
  // Widgets escape what they are given and then put their elements for the tags: so the text, and not the HTML.
  const marked = (parts) => parts.map(({ text, marked: is }) => (is ? pre + text + post : text)).join('');
  const shown = (value) => ({ value, matchLevel: value.includes(pre) ? 'full' : 'none', matchedWords: [] });
  const text = snippet.fragments.map(({ parts }) => marked(parts)).join(' … ');
  return {
    ...members,
    objectID: hit.id,
    _highlightResult: { title: shown(marked(markedTitle.parts)) },
    _snippetResult: { text: { value: text, matchLevel: shown(text).matchLevel } },
  };
}
