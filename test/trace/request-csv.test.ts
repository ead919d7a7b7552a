import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { requestCsvParser, type RowFilter } from '../../src/trace/request-csv.js';

interface Row {
  timeMs: number;
  sloMs: number;
}

/** Parses pieces as a file named `requests.csv` would be. */
function parse(pieces: readonly (string | Uint8Array)[], filter: RowFilter = {}, block = 4): Row[] {
  const parser = requestCsvParser('requests.csv', filter);
  const rows: Row[] = [];
  const timeMs = new Float64Array(block);
  const sloMs = new Float64Array(block).fill(NaN);
  const drain = () => {
    for (let count = parser.rows(timeMs, sloMs); count > 0; count = parser.rows(timeMs, sloMs)) {
      for (let i = 0; i < count; i++) rows.push({ timeMs: timeMs[i], sloMs: sloMs[i] });
    }
  };
  for (const piece of pieces) {
    parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    drain();
  }
  parser.end();
  drain();
  return rows;
}

const timesOf = (csv: string, filter?: RowFilter) => parse([csv], filter).map((row) => row.timeMs);

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('nothing was wrong');
}

describe('what is right', () => {
  test('a column of times', () => {
    expect(timesOf('time_ms\n0\n1.5\n1.5\n20\n')).toEqual([0, 1.5, 1.5, 20]);
  });

  test('columns in any order, a cell without an SLO', () => {
    expect(parse(['slo_ms,time_ms\n100,0\n,1\n2.5,2\n'])).toEqual([
      { timeMs: 0, sloMs: 100 },
      { timeMs: 1, sloMs: NaN },
      { timeMs: 2, sloMs: 2.5 },
    ]);
  });

  test.each([
    ['CRLF', 'time_ms,app\r\n1,a\r\n2,a\r\n'],
    ['a byte order mark', '\uFEFFtime_ms,app\n1,a\n2,a\n'],
    ['no line break at the end', 'time_ms,app\n1,a\n2,a'],
    ['CRLF, but none at the end', 'app,time_ms\r\na,1\r\na,2'],
    ['comments', '# made by hand\n#\ntime_ms,app\n1,a\n# half\n2,a\n# end'],
    ['a comment after a byte order mark', '\uFEFF# made by hand\ntime_ms,app\n1,a\n2,a\n'],
    ['quotation marks everywhere', '"time_ms","app"\n"1","a"\n"2","a"\n'],
    ['quotation marks with CRLF', '"app","time_ms"\r\n"a","1"\r\n"a","2"\r\n'],
  ])('%s', (_name, csv) => {
    expect(timesOf(csv, { app: 'a', apps: ['a', 'b'] })).toEqual([1, 2]);
  });

  test.each([
    ['0', 0],
    ['-0', 0],
    ['+1', 1],
    ['.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['1e3', 1000],
    ['1.5E+2', 150],
    ['1e-7', 1e-7],
    ['0.1', 0.1],
    ['9007199254740993', 9007199254740992],
    ['123456.78901234567', 123456.78901234567],
    ['0.00000000000000000000001', 1e-23],
    ['1.00000000000000000000000000000', 1],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('the number %s', (text, value) => {
    const [found] = timesOf(`time_ms\n${text}\n`);
    expect(Object.is(found, value)).toBe(true);
  });

  test('every decimal is read as the nearest double, as Number reads it', () => {
    const digits = fc.stringMatching(/^[0-9]{0,24}$/);
    fc.assert(
      fc.property(digits, digits, fc.constantFrom('\n', '\r\n', ',\n', ''), (whole, fraction, ending) => {
        fc.pre(whole + fraction !== '');
        const text = `${whole}.${fraction}`;
        const header = ending === ',\n' ? 'time_ms,slo_ms' : 'time_ms';
        expect(timesOf(`${header}\n${text}${ending}`)).toEqual([Number(text)]);
      }),
      { numRuns: 2000 },
    );
  });

  test('every double is read back from its shortest spelling', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(timesOf(`time_ms\n${value}\n`)).toEqual([value + 0]);
      }),
      { numRuns: 1000 },
    );
  });

  test('only the rows of the wanted app', () => {
    const csv = 'time_ms,app\n1,plants\n2,faces\n3,plants\n4,plants2\n';
    const apps = ['plants', 'faces', 'plants2'];
    expect(timesOf(csv, { app: 'plants', apps })).toEqual([1, 3]);
    expect(timesOf(csv, { app: 'plants2', apps })).toEqual([4]);
    expect(timesOf(csv, { app: 'faces' })).toEqual([2]);
    expect(timesOf(csv)).toEqual([1, 2, 3, 4]);
  });

  test('without a column for it, all rows are of the app', () => {
    expect(timesOf('time_ms\n1\n2\n', { app: 'plants', apps: ['plants', 'faces'] })).toEqual([1, 2]);
  });

  test('names of apps with commas, quotation marks, #, and letters of several bytes', () => {
    const csv = 'app,time_ms\n"a, b",1\n"say ""x""",2\n"#1",3\nfærøer 🌱,4\n';
    expect(timesOf(csv, { app: 'a, b' })).toEqual([1]);
    expect(timesOf(csv, { app: 'say "x"' })).toEqual([2]);
    expect(timesOf(csv, { app: '#1' })).toEqual([3]);
    expect(timesOf(csv, { app: 'færøer 🌱' })).toEqual([4]);
  });
});

describe('the pieces in which the bytes come do not matter', () => {
  const apps = ['a', 'b, "c"', 'grün', '🌱'];
  const rowOf = fc.record({
    gap: fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e6, noNaN: true })),
    app: fc.constantFrom(...apps),
    slo: fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 500 }).map(String)),
    comment: fc.boolean(),
  });

  test('same rows, also cut inside a number, a letter, a CRLF or a byte order mark', () => {
    fc.assert(
      fc.property(
        fc.array(rowOf, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, eol, mark, lastBreak, cuts, block) => {
          let now = 0;
          const expected: Row[] = [];
          const lines = ['time_ms,app,slo_ms'];
          for (const { gap, app, slo, comment } of rows) {
            now += gap;
            if (comment) lines.push(`# ${app}`);
            lines.push(`${now},${/["]/.test(app) ? `"${app.replaceAll('"', '""')}"` : app},${slo}`);
            expected.push({ timeMs: now, sloMs: slo === '' ? NaN : Number(slo) });
          }
          const bytes = Buffer.from((mark ? '\uFEFF' : '') + lines.join(eol) + (lastBreak ? eol : ''));
          const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          expect(parse(pieces, { apps }, block)).toEqual(expected);
          expect(parse([...bytes].map((byte) => Uint8Array.of(byte)), { apps }, block)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a mistake is found at the same place', () => {
    const bytes = Buffer.from('\uFEFF# über\r\ntime_ms,app\r\n1,grün\r\n2,grün\r\nx,grün\r\n');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const message = messageOf(() => parse([bytes.subarray(0, cut), bytes.subarray(cut)]));
      expect(message).toBe('requests.csv:5:1: time_ms is "x", not a number; ms since the run began, a number ≥ 0, is needed');
    }
  });

  test('a piece may be overwritten once it was handed over', () => {
    const parser = requestCsvParser('requests.csv');
    const piece = Buffer.from('time_ms\n1\n2');
    parser.push(piece);
    piece.fill(0);
    parser.push(Buffer.from('3\n'));
    const timeMs = new Float64Array(5);
    expect(parser.rows(timeMs, timeMs)).toBe(2);
    expect([...timeMs.subarray(0, 2)]).toEqual([1, 23]);
  });

  test('pieces may be handed over faster than rows are taken', () => {
    const parser = requestCsvParser('requests.csv');
    for (const piece of ['time_ms\n1\n2\n', '3', '4\n5', '6\n78\n']) parser.push(Buffer.from(piece));
    const timeMs = new Float64Array(2);
    expect([parser.rows(timeMs, timeMs), ...timeMs]).toEqual([2, 1, 2]);
    parser.push(Buffer.from('90\n'));
    parser.end();
    expect([parser.rows(timeMs, timeMs), ...timeMs]).toEqual([2, 34, 56]);
    expect([parser.rows(timeMs, timeMs), ...timeMs]).toEqual([2, 78, 90]);
    expect(parser.rows(timeMs, timeMs)).toBe(0);
  });
});

describe('what is wrong is said with its line and column', () => {
  const apps = ['plants', 'faces'];
  test.each([
    // the header
    ['', '1:1: the file is empty; a header such as "time_ms" or "time_ms,app,slo_ms" is needed'],
    ['\uFEFF', '1:1: the line is empty; a header such as'],
    ['# only\n# comments\n', '3:1: there is no header line; a header such as'],
    ['\ntime_ms\n1\n', '1:1: the line is empty; a header such as'],
    ['time_ms\n', '2:1: there are no rows below the header'],
    ['time_ms', '2:1: there are no rows below the header'],
    ['time_ms\n# none\n', '3:1: there are no rows below the header'],
    ['app,slo_ms\na,1\n', '1:1: there is no column time_ms in the header "app,slo_ms"'],
    ['app,time_ms,slo\n', '1:13: unknown column "slo"; did you mean slo_ms? columns are time_ms, app, slo_ms'],
    ['# x\ntime_msec\n1\n', '2:1: unknown column "time_msec"; did you mean time_ms? columns'],
    ['Time_MS\n1\n', '1:1: unknown column "Time_MS"; did you mean time_ms? columns'],
    ['time_ms,user\n1,2\n', '1:9: unknown column "user"; columns are time_ms, app, slo_ms'],
    ['time_ms, app\n1,a\n', '1:9: unknown column " app"; did you mean app? columns'],
    ['time_ms,app,time_ms\n1,a,1\n', '1:13: column time_ms is there twice'],
    ['time_ms,\n1,\n', '1:9: a column has no name; columns are'],
    ['time_ms;app\n1;a\n', '1:1: "time_ms;app" is not the name of a column; put commas between the columns'],
    ['0.5\n1\n', '1:1: "0.5" is not the name of a column; the first line must be the header'],
    ['"time_ms\n1\n', '1:1: the quotation mark is not closed on its line'],
    ['"time_ms"x,app\n1,a\n', '1:10: a comma is needed between the names of columns'],
    // numbers
    ['time_ms\n1\nx\n', '3:1: time_ms is "x", not a number; ms since the run began, a number ≥ 0, is needed'],
    ['time_ms\n1\nNaN\n', '3:1: time_ms is "NaN", not a number'],
    ['time_ms\nInfinity\n', '2:1: time_ms is "Infinity", not a number'],
    ['time_ms\n1e999\n', '2:1: time_ms is 1e999; ms since'],
    ['time_ms\n0x10\n', '2:1: time_ms is "0x10", not a number'],
    ['time_ms\n1 \n', '2:1: time_ms is "1 ", not a number'],
    ['time_ms\n 1\n', '2:1: time_ms is " 1", not a number'],
    ['time_ms\n.\n', '2:1: time_ms is ".", not a number'],
    ['time_ms\n1.2.3\n', '2:1: time_ms is "1.2.3", not a number'],
    ['time_ms\n1e\n', '2:1: time_ms is "1e", not a number'],
    ['time_ms\n2023-11-16 18:01:00\n', '2:1: time_ms is "2023-11-16 18:01:00", not a number'],
    ['time_ms\n1\r2\n', '2:1: time_ms is "1\\r2", not a number'],
    ['time_ms\n-1\n', '2:1: time_ms is -1; ms since the run began, a number ≥ 0'],
    ['app,time_ms\nplants,5\nfaces,-0.5\n', '3:7: time_ms is -0.5; ms since'],
    ['app,time_ms\nplants,\n', '2:8: time_ms is empty; ms since'],
    ['time_ms\n""\n', '2:1: time_ms is empty; ms since'],
    [`time_ms\n${'y'.repeat(100)}\n`, `2:1: time_ms is "${'y'.repeat(40)}"…, not a number`],
    ['time_ms,slo_ms\n1,100\n2,0\n', '3:3: slo_ms is 0; a number of ms above 0 is needed, or nothing'],
    ['time_ms,slo_ms\n1,-0\n', '2:3: slo_ms is 0; a number of ms above 0'],
    ['time_ms,slo_ms\n1,-5\n', '2:3: slo_ms is -5; a number of ms above 0'],
    ['time_ms,slo_ms\n1,fast\n', '2:3: slo_ms is "fast", not a number; a number of ms above 0'],
    ['time_ms,slo_ms\n1,nan\n', '2:3: slo_ms is "nan", not a number'],
    // order
    ['time_ms\n1\n3\n2.5\n', '4:1: time_ms is 2.5, before the 3 of the row above; rows must be in order of time'],
    ['app,time_ms\nplants,3\nfaces,2\n', '3:7: time_ms is 2, before the 3 of the row above'],
    // fields
    ['time_ms,app\n1,plants\n2\n', '3:2: the row ends after 1 of 2 fields (time_ms, app)'],
    ['time_ms,app\r\n1,plants\r\n2\r\n', '3:2: the row ends after 1 of 2 fields (time_ms, app)'],
    ['time_ms,app,slo_ms\n1,faces\n', '2:8: the row ends after 2 of 3 fields'],
    ['time_ms\n1\n2,x\n', '3:3: the row has more than 1 field (time_ms)'],
    ['time_ms,app\n1,plants,\n', '2:10: the row has more than 2 fields (time_ms, app)'],
    ['time_ms\n1,5\n', '2:3: the row has more than 1 field'],
    ['time_ms,app\n1;plants\n', '2:1: time_ms is "1;plants", not a number; ms since the run began, a number ≥ 0, is needed, and commas between fields'],
    ['time_ms\n1\n\n2\n', '3:1: the line is empty; delete it, or give a row (time_ms)'],
    ['time_ms,app\n1,plants\n\n', '3:1: the line is empty; delete it, or give a row (time_ms, app)'],
    ['app,time_ms\nplants,1\n\r\n', '3:1: the line is empty; delete it, or give a row (app, time_ms)'],
    ['slo_ms,time_ms\n1,1\n\n', '3:1: the line is empty'],
    ['time_ms,app\n1,"plants\n', '2:3: the quotation mark is not closed on its line'],
    ['time_ms,app\n1,"plants"x\n', '2:11: a quoted field is followed by "x"; a comma or the end of the line is needed'],
    ['app,time_ms\n"plants" ,1\n', '2:9: a quoted field is followed by " ,1"'],
    // apps
    ['time_ms,app\n1,plants\n2,plnats\n', '3:3: app "plnats" is not in the scenario; did you mean plants? its apps: plants, faces'],
    ['time_ms,app\n1,plants\n2,"fase"\n', '3:3: app "fase" is not in the scenario; did you mean faces? its apps'],
    ['time_ms,app\n1,zebra\n', '2:3: app "zebra" is not in the scenario; its apps: plants, faces'],
    ['time_ms,app\n1,Plants\n', '2:3: app "Plants" is not in the scenario; did you mean plants?'],
    ['time_ms,app\n1,\n', '2:3: app is empty; the name of an app is needed'],
    ['app,time_ms\n,1\n', '2:1: app is empty; the name of an app is needed'],
    ['app,time_ms\nplants,1\ngrün,1\n', '3:1: app "grün" is not in the scenario'],
    ['# x\ntime_ms,app\n1,faces\n2,faces\n', '2:9: none of the 2 rows is of app "plants"; the file has faces (2)'],
  ])('%j', (csv, message) => {
    const found = messageOf(() => parse([csv], { app: 'plants', apps }));
    expect(found.slice(0, `requests.csv:${message}`.length)).toBe(`requests.csv:${message}`);
  });

  test('columns are counted in characters, not bytes', () => {
    expect(messageOf(() => parse(['app,time_ms\ngrün,1\ngrün,x\n']))).toContain('requests.csv:3:6: ');
  });

  test('without a list of apps, a filter that fits nothing names what is there', () => {
    const csv = 'time_ms,app\n1,plants\n2,faces\n3,faces\n';
    expect(messageOf(() => parse([csv], { app: 'facse' }))).toBe(
      'requests.csv:1:9: none of the 3 rows is of app "facse"; did you mean faces? the file has plants (1), faces (2)',
    );
    const many = Array.from({ length: 1000 }, (_, i) => `${i},app${i}\n`).join('');
    expect(messageOf(() => parse([`time_ms,app\n${many}`], { app: 'x' }))).toMatch(/none of the 1000 rows .* app18 \(1\), …$/);
  });

  test('a file without line breaks does not fill the memory', () => {
    const piece = Buffer.alloc(1 << 19, '1');
    const parser = requestCsvParser('requests.csv');
    parser.push(piece);
    parser.push(piece);
    expect(messageOf(() => parser.push(piece))).toBe('requests.csv:1:1: the line is longer than 1048576 bytes; is this a CSV file with line breaks?');
  });

  test('UTF-16 is named', () => {
    expect(messageOf(() => parse([Buffer.from('\uFEFFtime_ms\n1\n', 'utf16le')]))).toBe('requests.csv:1:1: the file is UTF-16; save it as UTF-8');
  });

  test('a mistake after rows that are right: those come first, and nothing after it', () => {
    const parser = requestCsvParser('requests.csv');
    parser.push(Buffer.from('time_ms\n1\n2\nx\n3\n'));
    const timeMs = new Float64Array(2);
    expect([parser.rows(timeMs, timeMs), ...timeMs]).toEqual([2, 1, 2]);
    expect(messageOf(() => parser.rows(timeMs, timeMs))).toContain('requests.csv:4:1: time_ms is "x"');
  });
});
