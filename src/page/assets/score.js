// SPDX-License-Identifier: GPL-3.0-or-later
// Songs: rows of MIDI pitches, one row a quarter note, as ABC for the score and as sound.
"use strict";

const score = {};

// A song file, also one that `sing` writes (data of one piece), as [{name, rows}]: the network's song first, then, where it is told, what the chorale it was begun with goes on with.
score.parts = function (song) {
  const rows = (x) => Array.isArray(x) && x.every(Array.isArray) ? x : null;
  const sung = rows(song) || rows(song.song) || (song.train && rows(song.train[0])) || [];
  const original = rows(song.original);
  const parts = [{ name: "the network", rows: sung }];
  if (original && original.length) parts.push({ name: "the chorale it was begun with", rows: original });
  return parts.filter((p) => p.rows.length);
};

// The first steps, which the network was forced through.
score.forced = (song) => song.forced || 0;

// Keys and spellings as src/music/spelling.c has them: pitches on the line of fifths, F = -1, C = 0, G = 1, ...
const PROFILE = [[6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]];
const WHITE = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }, ACCIDENTAL = ["__", "_", "=", "^", "^^"];
const modulo = (a, n) => ((a % n) + n) % n;
const letterAt = (place) => "CGDAEBF"[modulo(place, 7)];
const alterAt = (place) => Math.floor((place + 1) / 7);

// The key whose profile fits best how often each pitch class sounds: {fifths, minor}.
score.key = function (rows) {
  const times = new Array(12).fill(0);
  rows.flat().forEach((p) => { times[p % 12]++; });
  let best = { fifths: 0, minor: false }, most = 0;
  for (let i = 0; i < 24; i++) {
    const n = i >> 1, fifths = n % 2 ? -(n + 1) / 2 : n / 2, minor = i % 2 === 1, like = PROFILE[i % 2];
    const mean = like.reduce((a, b) => a + b) / 12, tonic = modulo(7 * fifths + (minor ? 9 : 0), 12);
    const norm = Math.sqrt(like.reduce((sum, v) => sum + (v - mean) ** 2, 0));
    const fit = like.reduce((sum, v, k) => sum + (v - mean) * times[(tonic + k) % 12], 0) / norm;
    if (fit > most + 1e-9) [most, best] = [fit, { fifths, minor }];
  }
  return best;
};

const keyName = ({ fifths, minor }) => {
  const tonic = fifths + (minor ? 3 : 0);
  return letterAt(tonic) + ["b", "", "#"][alterAt(tonic) + 1] + (minor ? "m" : "");
};

// What the signature does to a letter.
const signature = ({ fifths }, letter) => {
  const place = "FCGDAEB".indexOf(letter) - 1;
  return fifths > 0 ? (place + 1 < fifths ? 1 : 0) : 5 - place < -fifths ? -1 : 0;
};

// One pitch in ABC; `altered` holds the accidentals of this bar by place, and by letter, since readers differ in whether they hold in other octaves.
function abcPitch(pitch, key, altered) {
  const first = key.fifths - (key.minor ? 2 : 3), place = first + modulo(7 * pitch - first, 12);
  const letter = letterAt(place), alter = alterAt(place), octave = (pitch - alter - WHITE[letter]) / 12 - 5;
  const known = (at) => altered.has(at) ? altered.get(at) : signature(key, letter);
  const accidental = known(letter + octave) === alter && known(letter) === alter ? "" : ACCIDENTAL[alter + 2];
  altered.set(letter + octave, alter);
  altered.set(letter, alter);
  return accidental + (octave >= 1 ? letter.toLowerCase() + "'".repeat(octave - 1) : letter + ",".repeat(-octave));
}

// The notes of one staff: equal chords within a bar become one longer note.
function abcStaff(rows, key, belongs) {
  const bars = [];
  for (let first = 0; first < rows.length; first += 4) {
    const altered = new Map();
    const bar = rows.slice(first, first + 4).map((row) => row.filter(belongs).sort((a, b) => a - b));
    const texts = [];
    for (let i = 0, n; i < bar.length; i += n) {
      for (n = 1; i + n < bar.length && String(bar[i + n]) === String(bar[i]); n++);
      const notes = bar[i].map((p) => abcPitch(p, key, altered)).join("");
      texts.push((bar[i].length ? `[${notes}]` : "z") + (n > 1 ? n : ""));
    }
    bars.push(texts.join(" "));
  }
  return bars.map((b, i) => b + ((i + 1) % 4 ? " |" : " |\n")).join(" ").replace(/\|\s*$/, "|]");
}

score.abc = function (rows) {
  const key = score.key(rows);
  return `X:1\nM:4/4\nL:1/4\nQ:1/4=80\nK:${keyName(key)}\n%%score {RH LH}\nV:RH clef=treble\nV:LH clef=bass\n` +
    `[V:RH]\n${abcStaff(rows, key, (p) => p >= 60)}\n[V:LH]\n${abcStaff(rows, key, (p) => p < 60)}\n`;
};

// ---- sound ----

let context = null, playing = null;

score.stop = function () {
  if (!playing) return;
  const { voices, done } = playing;
  playing = null;
  voices.forEach((v) => { try { v.stop(); } catch { /* it has ended already */ } });
  done();
};

// A pipe: sine and two of its overtones under a soft envelope.
function pipe(pitch, begin, length, out) {
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(1, begin + 0.04);
  gain.gain.setValueAtTime(1, begin + length - 0.08);
  gain.gain.linearRampToValueAtTime(0, begin + length);
  gain.connect(out);
  return [[1, 0.6], [2, 0.25], [3, 0.1]].map(([overtone, level]) => {
    const voice = context.createOscillator(), part = context.createGain();
    voice.frequency.value = overtone * 440 * 2 ** ((pitch - 69) / 12);
    part.gain.value = level;
    voice.connect(part).connect(gain);
    voice.start(begin);
    voice.stop(begin + length);
    return voice;
  });
}

// Plays rows at 80 quarter notes a minute; done() is called at their end or when something else begins.
score.play = function (rows, done) {
  score.stop();
  context = context || new AudioContext();
  context.resume();
  const out = context.createGain(), beat = 0.75, begin = context.currentTime + 0.05;
  out.gain.value = 0.14;
  out.connect(context.destination);
  const voices = [];
  const pitches = new Set(rows.flat());
  for (const p of pitches) {
    for (let i = 0, n; i < rows.length; i += n) {
      n = 1;
      if (!rows[i].includes(p)) continue;
      while (i + n < rows.length && rows[i + n].includes(p)) n++;
      voices.push(...pipe(p, begin + beat * i, beat * n, out));
    }
  }
  const mine = { voices, done };
  playing = mine;
  setTimeout(() => { if (playing === mine) score.stop(); }, 1000 * (beat * rows.length + 0.2));
  return context;
};
