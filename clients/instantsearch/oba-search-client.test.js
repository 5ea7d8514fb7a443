// What widgets ask → what oba is asked; what oba answers → what widgets draw. Run with: node --test clients/instantsearch

import assert from 'node:assert/strict';
import test from 'node:test';
import { filterOf, obaSearchClient } from './oba-search-client.js';

const ANSWER = {
  query: 'визит',
  hits: [
    {
      id: 'news/визит.txt',
      title: 'Визит & visit',
      тема: 'политика',
      markedTitle: { html: '<mark>Визит</mark> &amp; visit', parts: [{ text: 'Визит', marked: true }, { text: ' & visit', marked: false }] },
      snippet: { html: '…', fragments: [{ parts: [{ text: 'Начался ', marked: false }, { text: 'визит', marked: true }] }, { parts: [{ text: 'The end.', marked: false }] }] },
    },
  ],
  estimatedTotalHits: 2500,
  processingTimeMs: 1,
  facets: { язык: { ru: 2, en: 1 } },
  corrections: [],
};

function clientThatNotes(options) {
  const asked = [];
  const fetch = async (address, { body, headers }) => {
    asked.push({ address, body: JSON.parse(body), headers });
    return { ok: true, json: async () => ANSWER };
  };
  return { asked, client: obaSearchClient('http://oba.test/', { fetch, ...options }) };
}

test('filters of widgets and of the application stand together', () => {
  const facetFilters = [['language:ru', 'language:en'], 'source:Газета "Труд"', 'тема:-спорт', 'price:\\-5'];
  const numericFilters = ['price>=10', ['year=2020', 'year:2018 TO 2019']];
  assert.equal(
    filterOf({ filters: 'date >= 2021', facetFilters, numericFilters }),
    '(date >= 2021) AND (language = "ru" OR language = "en") AND source = "Газета \\"Труд\\"" AND тема != "спорт" AND price = "-5"' +
      ' AND price >= 10 AND (year = 2020 OR year 2018 TO 2019)',
  );
  assert.equal(filterOf({}), '');
});

test('a page of an index is asked for, in an order, with a key', async () => {
  const { asked, client } = clientThatNotes({ key: 'oba_k', parameters: { fragmentSize: 120 } });
  const params = { query: 'визит', page: 2, hitsPerPage: 10, facets: ['language'], highlightPreTag: '[', highlightPostTag: ']' };
  await client.search([{ indexName: 'архив/sort/date:desc', params }, { indexName: 'default', params: { query: 'visit' } }]);
  assert.equal(asked[0].address, `http://oba.test/indexes/${encodeURIComponent('архив')}/search`);
  assert.equal(asked[0].headers.authorization, 'Bearer oba_k');
  const body = { q: 'визит', limit: 10, offset: 20, highlightPreTag: '[', highlightPostTag: ']', fragmentSize: 120, sort: 'date:desc', facets: ['language'] };
  assert.deepEqual(asked[0].body, body);
  assert.equal(asked[1].address, 'http://oba.test/search');
  assert.deepEqual(asked[1].body, { q: 'visit', limit: 20, offset: 0, fragmentSize: 120 });
});

test('answers have the shape that widgets draw', async () => {
  const { client } = clientThatNotes();
  const params = { query: 'визит', hitsPerPage: 20, highlightPreTag: '[', highlightPostTag: ']' };
  const { results } = await client.search([{ indexName: 'default', params }]);
  const [{ hits, nbHits, nbPages, page, facets }] = results;
  assert.deepEqual([nbHits, nbPages, page, facets], [2500, 50, 0, { язык: { ru: 2, en: 1 } }]);
  assert.equal(hits[0].objectID, 'news/визит.txt');
  assert.equal(hits[0].тема, 'политика');
  // Not escaped: the widgets do that themselves.
  assert.equal(hits[0]._highlightResult.title.value, '[Визит] & visit');
  assert.equal(hits[0]._snippetResult.text.value, 'Начался [визит] … The end.');
});

test('values of a facet are looked through', async () => {
  const { client } = clientThatNotes();
  const [found] = await client.searchForFacetValues([{ indexName: 'default', params: { facetName: 'язык', facetQuery: 'R' } }]);
  assert.deepEqual(found.facetHits, [{ value: 'ru', highlighted: 'ru', count: 2 }]);
});

test('a refusal says why', async () => {
  const fetch = async () => ({ ok: false, status: 400, json: async () => ({ message: 'filter: …', code: 'invalid_parameter' }) });
  const client = obaSearchClient('http://oba.test', { fetch });
  await assert.rejects(client.search([{ indexName: 'default', params: { filters: '(' } }]), { name: 'invalid_parameter', status: 400 });
});
