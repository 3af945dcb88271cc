#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Quantum networks as sweeps: what may be asked of them, what is refused and how, their axes as sizes of an analysis.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

unset RITARDANDO_DATA
export HOME=$work XDG_DATA_HOME=$work

# refuse TEXT MODEL-KEYS [MORE]: `check` ends with 65 and this sentence.
refuse() {
    printf 'stop: {tau: 1}\nmodel: {name: qrnn, %s}\n%s\n' "$2" "${3-}" >bad.yaml
    expect 65 -F "$1" timeout 60 "$RITARDANDO" check bad.yaml
}
refuse 'bad.yaml:2:21: unknown key '"'histroy' in section 'model' (did you mean 'history'?)" 'histroy: 1'
refuse 'bad.yaml:2:40: model.history: -1 is outside the allowed range 0 .. 8' 'width: 2, history: -1'
refuse 'bad.yaml: model.width, model.history: qrnn has at most 10 qubits, not 11' 'width: 3, history: 8'
refuse 'bad.yaml: model.width, model.history: qrnn has at most 10 qubits, not 4096' 'width: 4096, history: 0'
refuse 'bad.yaml: model.depth: the circuit of qrnn has a layer or more, not 0' 'depth: 0'
refuse "model.ansatz: 'rings' is not known here; choose from ring, hardware-efficient, brick, path" 'width: 2, ansatz: rings'
refuse 'model.closing has a meaning only with model.ansatz: ring or hardware-efficient or brick, but it is path' \
    'width: 2, ansatz: path, closing: false'
refuse 'model.staggered has a meaning only with model.history: 1 or more, but it is 0' 'width: 2, history: 0, staggered: true'
refuse 'model.lowest has a meaning only with data.source: chorales or composer or midi or piano-rolls, but it is series' \
    'width: 2, lowest: 40' 'data: {source: series}'
refuse 'rule.name: flow follows exact gradients, but those of model.name qrnn are noisy with these settings; set model.shots: 0' \
    'width: 2, shots: 10' 'rule: {name: flow}'
refuse 'limit.name: the kernels of infinite width of qrnn are not known' 'width: inf'
refuse 'model.precision has a meaning only with model.name' 'width: 2, precision: float32'
refuse 'model.depth: the circuit of qrnn has a layer or more, not 0 (at depth 0)' 'width: 2' 'grid: {depth: [0, 1]}'
printf 'data: {chorales: 1}\nmodel: {name: circuit, width: 6}\n' >bad.yaml
expect 65 -F 'model.width: circuit reads each output off a qubit of its own; 54 outputs need as many, not 6' \
    "$RITARDANDO" check bad.yaml
printf 'data: {chorales: 1}\nmodel: {width: 6, history: 1}\n' >bad.yaml
expect 65 -F 'model.history has a meaning only with model.name: qrnn, but it is layered-tanh' "$RITARDANDO" check bad.yaml

# A step of minutes is not tried, and that is said.
printf 'data: {chorales: 5}\nmodel: {name: qrnn, width: 2, history: 8}\n' >long.yaml
expect 0 -F 'Time: not known; no step could be tried here: too long, too large for the memory, or there is none.' \
    timeout 60 "$RITARDANDO" check long.yaml
expect 0 -F 'Time: not known' timeout 60 "$RITARDANDO" plan long.yaml

# A closing layer is no axis of a circuit that has none.
printf 'grid: {model.ansatz: [ring, path], model.closing: [true, false]}\ndata: {chorales: 1}\nmodel: {name: qrnn, width: 2}\n' >three.yaml
expect 0 -E '^three.yaml is good: 3 points$' "$RITARDANDO" check three.yaml

# Layers or history qubits as the size of an analysis, by their names in a config or in the dataset.
printf 'grid: {model.history: [0, 1, 2, 3], depth: [1, 2, 3, 4]}\ndata: {chorales: 1}\nmodel: {name: qrnn, width: 2}
rule: {name: adam, eta: 0.1}\nobserve: {memory: true, floors: true, thresholds: [0.2, 0.3]}\nstop: {tau: 5}\n' >sweep.yaml
expect 0 -F '16 of 16 points done' "$RITARDANDO" sweep sweep.yaml -o run
expect 0 -F 'Critical depth N_c, 1/tau = a (depth - N_c)^z' "$RITARDANDO" analyse run --size model.depth
expect 0 -E '^Fit window: all values of model_history up to 2 times' "$RITARDANDO" analyse run --size model.history
expect 0 -F 'Critical model_history N_c' "$RITARDANDO" analyse run --size model_history
expect 65 -F "'model_readout' is no size" "$RITARDANDO" analyse run --size model.readout
expect 0 -F 'phase-analysis-model_history.h5' ls run

# Points that end after a step or two have a pace as well.
printf 'data: {chorales: 1}\nmodel: {name: qrnn, width: 2}\nrule: {eta: 0.1}\nstop: {tau: 0.2}\n' >short.yaml
expect 0 -E '^Time: [0-9.e-]+ core-seconds' "$RITARDANDO" check short.yaml
