# SPDX-License-Identifier: GPL-3.0-or-later
# The front door. It installs what is missing (where it may), drives CMake and CTest, and runs the main job.
# Names of files and folders may hold spaces and the like: recipes take them from the environment.

BUILD   ?= build
PREFIX  ?= /usr/local
RUN     ?= run
CONFIG  ?= configs/default.yaml
CORES   := $(shell nproc)
PYTHON  ?= /usr/bin/python3
export BUILD PREFIX RUN CONFIG PYTHON

# The chorales, where they lie beside the checkout; else the embedded composer takes their place.
ifeq ($(RITARDANDO_DATA),)
RITARDANDO_DATA := $(abspath $(wildcard ../shared/data/jsb-chorales-quarter.json))
endif
ifneq ($(RITARDANDO_DATA),)
export RITARDANDO_DATA
endif

# One master that sleeps, and a worker on every core. Root (as in a container) must be allowed explicitly.
RANKS  := $(shell expr $(CORES) + 1)
# More ranks than cores: Open MPI 4 and 5 want to be told, MPICH knows no word for it.
MPIRUN ?= OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe mpirun -n $(RANKS)
ifeq ($(shell id -u),0)
export OMPI_ALLOW_RUN_AS_ROOT = 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
endif

CMAKE_BUILD = cmake --build "$$BUILD$(1)" -j $(CORES)

.PHONY: all run test test-gcc test-clang test-sanitize test-debian13 test-definition test-mpich fuzz check-format format bench figures reference install dist coverage tidy clean help build-packages figure-packages test-packages

all: build-packages
	@mkdir -p "$$BUILD"
	@echo "Building $$BUILD/ritardando"
	@{ cmake -S . -B "$$BUILD" -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX="$$PREFIX" && \
	   $(call CMAKE_BUILD); } >"$$BUILD/build.log" 2>&1 || { tail -40 "$$BUILD/build.log"; \
	   test -e "$$BUILD/Makefile" || { echo; .ci/packages names; } >&2; exit 1; }

build-packages:
	@.ci/packages build

CAN_DRAW = "$$PYTHON" -c 'import numpy, h5py, matplotlib, xarray' >/dev/null 2>&1

# Where nothing may be installed it is said, and a run goes on without figures.
figure-packages:
	@$(CAN_DRAW) || .ci/packages run || true

run: all figure-packages
	$(MPIRUN) "$$BUILD/ritardando" sweep "$$CONFIG" -o "$$RUN"
	"$$BUILD/ritardando" show "$$RUN"
	"$$BUILD/ritardando" analyse "$$RUN" >"$$RUN/analysis.txt"
	@if $(CAN_DRAW); then $(MAKE) --no-print-directory figures; else echo "No figures: $$PYTHON has not all of NumPy, h5py," \
	   "Matplotlib and xarray. '.ci/packages names' says what to install; then: make figures RUN=$$RUN"; fi
	@awk -v RS= '/^Critical widths/ {n = 2} n-- > 0 {print "\n" $$0}' "$$RUN/analysis.txt"
	@echo "The whole analysis: $$RUN/analysis.txt"
	@if [ "$$CONFIG" = configs/default.yaml ]; then for width in 8 34; do \
	   "$$BUILD/ritardando" sing "$$RUN" "depth 2, width $$width, seed 1" --most-likely --page >/dev/null || exit; done; fi
	@echo "All of it on one page:"
	@"$$BUILD/ritardando" report "$$RUN"

figures: figure-packages
	@$(CAN_DRAW) || { echo "Figures need Python with NumPy, h5py, Matplotlib and xarray, and $$PYTHON has not all of them."; \
	   .ci/packages names; exit 69; } >&2
	"$$PYTHON" analysis/all.py "$$RUN"

# Everything that must pass: gcc with every test, clang, and the sanitizers.
test: test-gcc check-format test-clang test-sanitize

test-packages:
	@.ci/packages test

test-gcc: test-packages
	cmake -S . -B "$$BUILD/gcc" -DCMAKE_C_COMPILER=gcc -DRIT_WERROR=ON >/dev/null
	$(call CMAKE_BUILD,/gcc) >/dev/null
	ctest --test-dir "$$BUILD/gcc" -j $(CORES) --output-on-failure

test-clang: test-packages
	cmake -S . -B "$$BUILD/clang" -DCMAKE_C_COMPILER=clang -DRIT_WERROR=ON >/dev/null
	$(call CMAKE_BUILD,/clang) >/dev/null
	ctest --test-dir "$$BUILD/clang" -j $(CORES) --output-on-failure -LE slow

test-sanitize: test-packages
	cmake -S . -B "$$BUILD/sanitize" -DCMAKE_C_COMPILER=gcc -DRIT_WERROR=ON -DRIT_SANITIZE=ON >/dev/null
	$(call CMAKE_BUILD,/sanitize) >/dev/null
	ctest --test-dir "$$BUILD/sanitize" -j $(CORES) --output-on-failure -LE slow

# Other systems, in folders of their own; as root, with the network.
test-debian13: all
	tests/install/elsewhere.sh "$$BUILD/ritardando" trixie gcc-14 gcc-13 clang

test-definition: all
	tests/install/elsewhere.sh "$$BUILD/ritardando" definition

test-mpich: all
	tests/install/elsewhere.sh "$$BUILD/ritardando" mpich

# No part of `make test`, which replays the corpus only.
FUZZ_SECONDS ?= 600
fuzz: test-packages
	cmake -S . -B "$$BUILD/fuzz" -DCMAKE_C_COMPILER=clang -DRIT_FUZZ=ON >/dev/null
	$(call CMAKE_BUILD,/fuzz) --target fuzzers >/dev/null
	tests/fuzz/run.sh "$$BUILD/fuzz" $(FUZZ_SECONDS)

SOURCES = $(shell git ls-files '*.c' '*.h')
check-format: test-packages
	@clang-format-14 --dry-run -Werror $(SOURCES)

format:
	clang-format-14 -i $(SOURCES)

bench:
	@.ci/packages bench
	cmake -S . -B "$$BUILD/bench" -DBUILD_TESTING=ON >/dev/null
	$(call CMAKE_BUILD,/bench) >/dev/null
	"$$PYTHON" tests/bench/bench.py "$$BUILD/bench"
	"$$BUILD/bench/tests/bench_flow"
	"$$PYTHON" tests/bench/kernels.py "$$BUILD/bench"
	"$$PYTHON" tests/bench/quantum.py "$$BUILD/bench/ritardando"
	"$$BUILD/bench/tests/bench_schedule"
	"$$BUILD/bench/tests/bench_refine"
	"$$BUILD/bench/tests/bench_spectrum" eigen 1000 | sed -n '1,5p'
	"$$PYTHON" tests/bench/dispatch.py "$$BUILD/bench"
	folder=$$(mktemp -d) && "$$BUILD/bench/tests/bench_master" 20000 "$$folder"; code=$$?; rm -rf "$$folder"; exit $$code

# The reference of all keys, as the program describes them; a test compares.
reference: all
	"$$BUILD/ritardando" describe >configs/reference.yaml
	"$$BUILD/ritardando" describe --schema >configs/ritardando.schema.json

install: all
	cmake --install "$$BUILD"

# ritardando-VERSION.tar.gz of what is committed, the same bytes from every checkout.
dist:
	@version=$$(sed -n 's/^project(ritardando VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt) && \
	 git archive --format=tar --prefix="ritardando-$$version/" HEAD | gzip -n9 >"ritardando-$$version.tar.gz" && \
	 echo "ritardando-$$version.tar.gz"

# Lines that the quick tests reach: a number to look at, no gate. (What runs as another user may not count, and says nothing of it.)
coverage: test-packages
	@.ci/packages coverage
	cmake -S . -B "$$BUILD/coverage" -DCMAKE_C_COMPILER=gcc -DRIT_COVERAGE=ON >/dev/null
	$(call CMAKE_BUILD,/coverage) >/dev/null
	@find "$$BUILD/coverage" -name '*.gcda' -delete
	-GCOV_ERROR_FILE=/dev/null ctest --test-dir "$$BUILD/coverage" -j $(CORES) -LE slow --output-on-failure >"$$BUILD/coverage.log"
	gcovr --root . --object-directory "$$BUILD/coverage" --filter src/ --txt "$$BUILD/coverage.txt" --print-summary

# .clang-tidy says what is looked for and why.
tidy: test-packages
	@.ci/packages tidy
	cmake -S . -B "$$BUILD/clang" -DCMAKE_C_COMPILER=clang >/dev/null
	git ls-files 'src/*.c' | xargs -P $(CORES) -n 8 clang-tidy-14 -p "$$BUILD/clang" --quiet --warnings-as-errors='*' 2>"$$BUILD/tidy.log"

clean:
	rm -rf "$$BUILD"

help:
	@echo "make            build $$BUILD/ritardando"
	@echo "make run        build, sweep CONFIG=$$CONFIG into RUN=$$RUN under mpirun, show the table, draw the figures and write the page RUN/report.html"
	@echo "make test       everything that must pass: gcc, clang and sanitizer builds with their tests"
	@echo "make test-debian13, test-definition, test-mpich"
	@echo "                other systems by debootstrap, as root: Debian 13, the Apptainer definition, a machine with MPICH alone"
	@echo "make fuzz       run the fuzzers, each for FUZZ_SECONDS=$(FUZZ_SECONDS)"
	@echo "make bench      measure the training engine against the core's peak and PyTorch"
	@echo "make figures    draw all figures of RUN=$$RUN"
	@echo "make reference  renew configs/reference.yaml and its JSON Schema from the program"
	@echo "make install    install into PREFIX=$$PREFIX"
	@echo "make dist       ritardando-VERSION.tar.gz of what is committed"
	@echo "make coverage   lines that the quick tests reach; make tidy runs clang-tidy"
	@echo "make format     apply clang-format; make clean removes $$BUILD"
