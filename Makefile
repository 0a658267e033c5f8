# 办事通。不带参数运行 make 可以看到全部命令。
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
WORKERS ?= 1
CI ?= false
BIN := .venv/bin
DONE := .venv/.done
APP := channels/app
APP_BUILT := $(APP)/dist/build/h5/index.html
APP_SOURCES := $(shell find $(APP)/src $(APP)/index.html $(APP)/vite.config.ts -type f 2>/dev/null)

# The first interpreter that is new enough.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo "$$name"; break; fi; done)
HAS_NODE := $(shell node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' >/dev/null 2>&1 && command -v npm >/dev/null && echo yes)

.PHONY: help
help: ## 显示这份说明
	@echo '办事通的常用命令：'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# Byte code, so that a start does not compile everything again (halves the time to ready). Some
# packages carry files for other versions of Python, which do not compile: no reason to stop.
COMPILE = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q -j 0 .venv/lib backend bot channels payments knowledge >/dev/null || :

# ---- installing -----------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo '没有找到 Python 3.11 或更新的版本。Debian、Ubuntu 上请运行：sudo apt install python3 python3-venv' >&2; exit 1; fi
	@echo '正在建立 .venv …'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo '建立 .venv 失败。Debian、Ubuntu 上请先运行：sudo apt install python3-venv' >&2; exit 1; }

$(DONE)/run: $(BIN)/python pyproject.toml
	@echo '正在安装程序与依赖 …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@$(COMPILE)
	@mkdir -p $(DONE) && touch $@

$(DONE)/dev: $(BIN)/python pyproject.toml
	@echo '正在安装程序、测试与检查工具 …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,check]'
	@$(COMPILE)
	@mkdir -p $(DONE) && touch $@ $(DONE)/run

$(DONE)/bench: $(BIN)/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@mkdir -p $(DONE) && touch $@ $(DONE)/run

$(APP)/node_modules/.package-lock.json: $(APP)/package-lock.json
	@echo '正在安装网页的依赖 …'
	@cd $(APP) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(APP_BUILT): $(APP)/node_modules/.package-lock.json $(APP_SOURCES)
	@echo '正在构建群众网页 …'
	@cd $(APP) && npm run --silent build:h5 >$(CURDIR)/.venv/app-build.log 2>&1 || { cat $(CURDIR)/.venv/app-build.log >&2; exit 1; }
	@touch $@

.PHONY: app
app: ## 构建群众用的网页（需要 Node 18 以上）
	@if [ -z "$(HAS_NODE)" ]; then echo '没有找到 Node 18 或更新的版本，不能构建网页。' >&2; exit 1; fi
	@$(MAKE) $(APP_BUILT)

# What works without the web app goes on without it, aloud.
.PHONY: app-if-possible
app-if-possible:
	@if [ -n "$(HAS_NODE)" ]; then $(MAKE) app || { [ "$(CI)" != true ]; echo '网页没有构建成功，先用没有网页的后台。' >&2; }; \
	elif [ -f $(APP_BUILT) ]; then echo '没有 Node，使用已构建好的网页。'; \
	elif [ "$(CI)" = true ]; then echo '没有 Node，不能构建网页。' >&2; exit 1; \
	else echo '没有 Node，跳过网页；后台、接口和机器人照常可用。'; fi

# ---- running --------------------------------------------------------------------------------

.PHONY: demo
demo: export BANSHITONG_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
demo: export BANSHITONG_LOG_FORMAT ?= console
demo: $(DONE)/run app-if-possible ## 在本机演示（PORT=8000 可改），Ctrl-C 停止
	@$(BIN)/banshitong migrate
	@$(BIN)/banshitong seed --demo
	@echo; echo '即将启动，请打开：'
	@echo '  群众网页    $(BANSHITONG_PUBLIC_URL)/'
	@echo '  接口说明    $(BANSHITONG_PUBLIC_URL)/docs'
	@echo '  运行状况    $(BANSHITONG_PUBLIC_URL)/health/ready'
	@echo '按 Ctrl-C 停止。'; echo
	@exec $(BIN)/banshitong serve --port $(PORT) --workers $(WORKERS)

.PHONY: migrate
migrate: $(DONE)/run ## 把数据库表结构更新到最新
	@$(BIN)/banshitong migrate

# ---- proving --------------------------------------------------------------------------------

.PHONY: test
test: $(DONE)/dev app-if-possible test-app ## 运行全部测试
	@services=$$(bash tests/services.sh); eval "$$services"; $(BIN)/python -m pytest -n 2 $(ARGS)

.PHONY: test-app
test-app: app-if-possible
	@if [ -n "$(HAS_NODE)" ]; then cd $(APP) && npm run --silent type-check && npm run --silent test; fi

.PHONY: check
check: $(DONE)/dev ## 格式、写法、类型、依赖方向、指南与快速测试
	@$(MAKE) -j2 --output-sync=target check-types check-fast check-format check-lint check-imports check-knowledge
	@echo '检查全部通过'

.PHONY: check-format check-lint check-types check-imports check-knowledge check-fast
check-format:
	@$(BIN)/ruff format --check .
check-lint:
	@$(BIN)/ruff check .
check-types:
	@$(BIN)/mypy
check-imports:
	@$(BIN)/lint-imports --no-cache >$(DONE)/imports.log 2>&1 || { cat $(DONE)/imports.log >&2; exit 1; }; tail -n 1 $(DONE)/imports.log
check-knowledge:
	@$(BIN)/python -m knowledge.check knowledge/guides | tail -n 1
check-fast:
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/unit tests/architecture -m 'not slow'

.PHONY: bench
bench: $(DONE)/bench ## 性能与质量，每项与同一次运行的参照相比
	@$(BIN)/python -m benchmarks $(ARGS)

# ---- tidying --------------------------------------------------------------------------------

.PHONY: clean
clean: ## 删除安装与构建的产物（不删除 var/ 里的数据）
	@rm -rf .venv $(APP)/node_modules $(APP)/dist build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
