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

const LETTERS = ["C", "^C", "D", "^D", "E", "F", "^F", "G", "^G", "A", "^A", "B"];

// One pitch in ABC; `altered` holds the letters that are sharp in this bar, for which a natural must be written.
function abcPitch(pitch, altered) {
  const octave = Math.floor(pitch / 12) - 5;
  let name = LETTERS[pitch % 12];
  const letter = name.slice(-1), place = letter + octave;
  const sharp = name.length > 1;
  const known = altered.has(place);
  if (sharp && known) name = letter;
  if (!sharp && known) { name = "=" + letter; altered.delete(place); }
  if (sharp && !known) altered.add(place);
  const accidental = name.slice(0, -1);
  if (octave >= 1) return accidental + letter.toLowerCase() + "'".repeat(octave - 1);
  return accidental + letter + ",".repeat(-octave);
}

// The notes of one staff: equal chords within a bar become one longer note.
function abcStaff(rows, belongs) {
  const bars = [];
  for (let first = 0; first < rows.length; first += 4) {
    const altered = new Set();
    const bar = rows.slice(first, first + 4).map((row) => row.filter(belongs).sort((a, b) => a - b));
    const texts = [];
    for (let i = 0, n; i < bar.length; i += n) {
      for (n = 1; i + n < bar.length && String(bar[i + n]) === String(bar[i]); n++);
      const notes = bar[i].map((p) => abcPitch(p, altered)).join("");
      texts.push((bar[i].length ? `[${notes}]` : "z") + (n > 1 ? n : ""));
    }
    bars.push(texts.join(" "));
  }
  return bars.map((b, i) => b + ((i + 1) % 4 ? " |" : " |\n")).join(" ").replace(/\|\s*$/, "|]");
}

score.abc = function (rows) {
  return "X:1\nM:4/4\nL:1/4\nQ:1/4=80\nK:C\n%%score {RH LH}\nV:RH clef=treble\nV:LH clef=bass\n" +
    `[V:RH]\n${abcStaff(rows, (p) => p >= 60)}\n[V:LH]\n${abcStaff(rows, (p) => p < 60)}\n`;
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
