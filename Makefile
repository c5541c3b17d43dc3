# Only relative paths and quoted variables here: the checkout, VENV and SIBAN_HOME may all contain spaces.
# What was done is noted by content in small stamp files, so that a second `make run` takes seconds.
# Useful: PORT=8001 make run · SIBAN_HOME=/data/siban make run · VENV=/opt/siban make run · PYTHON=python3.12 make run

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
VENV ?= .venv
PYTHON ?=
IN := "$(VENV)/bin/python"
PIP := $(IN) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore
LAW = $$(find siban -path siban/kernel -prune -o \( -name rules.py -o -name flow.py -o -name access.py -o -name checks.py -o -name measures.py -o -path '*/checks/*.py' -o -path '*/linting/*.py' \) -print)

.DEFAULT_GOAL := help
.PHONY: help run test check bench chaos pictures demo-reset clean environment tools front-end

help:
	@echo "make run         启动系统（首次会安装所需的一切并建立演示数据）"
	@echo "make test        全部检查和测试"
	@echo "make check       代码检查：格式、类型、模块界限、生成的文档是否最新"
	@echo "make bench       性能测量"
	@echo "make chaos       故障演练：反复强制结束进程，核对没有丢失和重复（CHAOS_KILLS=次数）"
	@echo "make pictures    重新拍摄使用手册里的图片（docs/manual/pictures）"
	@echo "make demo-reset  清除随附数据库并重建演示数据"
	@echo "make clean       删除可以重新生成的文件（不动数据）"

run: environment front-end
	@exec $(IN) -m config.cli up --demo

test: check
	@$(IN) -m pytest -n auto --dist loadfile

check: environment tools front-end
	@$(IN) -m ruff check .
	@$(IN) -m ruff format --check .
	@$(IN) -m mypy --strict siban/kernel $(LAW)
	@"$(VENV)/bin/lint-imports"
	@$(IN) -m config.cli docs --check

bench: environment tools front-end
	@$(IN) -m bench

chaos: environment tools front-end
	@$(IN) -m bench.chaos

pictures: environment tools front-end
	@SIBAN_PICTURES=1 $(IN) -m pytest tests/journeys/test_whole_chain.py tests/journeys/test_staff_pictures.py

demo-reset: environment front-end
	@$(IN) -m config.cli db reset --yes
	@$(IN) -m config.cli prepare --demo

# The environment: made anew when the checkout was moved (only one inside the checkout), filled when the requirements change.
environment:
	@set -e; \
	case "$(VENV)" in /*|*..*) ours= ;; *) ours=yes ;; esac; \
	if [ "$$ours" ] && [ -f "$(VENV)/.siban-place" ] && [ "$$(cat "$(VENV)/.siban-place")" != "$$PWD" ]; then rm -rf "$(VENV)"; fi; \
	if ! $(IN) -c '' 2>/dev/null; then \
	  found=; seen=; \
	  for one in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	    "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    seen="$$one"; \
	    if "$$one" -c 'import venv, ensurepip' 2>/dev/null; then found="$$one"; break; fi; \
	  done; \
	  if [ -z "$$found" ] && [ -n "$$seen" ]; then \
	    echo "找到了 $$seen，但缺少 venv 模块。请安装（Debian：apt-get install python3-venv）后再执行 make run。" >&2; exit 1; \
	  fi; \
	  if [ -z "$$found" ]; then \
	    echo "没有找到 Python 3.11 或更高版本（找过 python3.11、python3.12、python3.13、python3）。请安装后再执行，或用 PYTHON=路径 指明。" >&2; exit 1; \
	  fi; \
	  echo "正在建立运行环境（$$("$$found" --version)）……"; \
	  "$$found" -m venv "$(VENV)"; \
	  echo "$$PWD" > "$(VENV)/.siban-place"; \
	fi; \
	wanted="$$(cat requirements/base.txt pyproject.toml | cksum) $$PWD"; \
	if [ "$$(cat "$(VENV)/.siban-base" 2>/dev/null)" != "$$wanted" ]; then \
	  echo "正在安装运行所需的程序包……"; \
	  $(PIP) --require-hashes -r requirements/base.txt; \
	  $(PIP) --no-build-isolation --no-deps --editable .; \
	  echo "$$wanted" > "$(VENV)/.siban-base"; \
	fi

tools: environment
	@set -e; \
	wanted="$$(cat requirements/base.txt requirements/dev.txt | cksum)"; \
	if [ "$$(cat "$(VENV)/.siban-tools" 2>/dev/null)" != "$$wanted" ]; then \
	  echo "正在安装测试所需的程序包……"; \
	  $(PIP) --require-hashes -r requirements/base.txt -r requirements/dev.txt; \
	  echo "$$wanted" > "$(VENV)/.siban-tools"; \
	fi

front-end:
	@set -e; \
	[ -f frontend/package.json ] || exit 0; \
	cd frontend; \
	wanted="$$(find . \( -path ./node_modules -o -path ./static \) -prune -o -type f -print | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum)"; \
	if [ -d static ] && [ "$$(cat node_modules/.siban-built 2>/dev/null)" = "$$wanted" ]; then exit 0; fi; \
	if ! command -v npm >/dev/null || ! command -v node >/dev/null; then \
	  echo "生成界面文件需要 nodejs（20 或更高）和 npm，现在没有找到。请安装后再执行。" >&2; exit 1; \
	fi; \
	lock="$$(cat package.json package-lock.json | cksum) $$(node --version)"; \
	if [ "$$(cat node_modules/.siban-lock 2>/dev/null)" != "$$lock" ]; then \
	  echo "正在安装界面所需的程序包……"; \
	  npm ci --no-audit --no-fund --loglevel=error; \
	  echo "$$lock" > node_modules/.siban-lock; \
	fi; \
	echo "正在生成界面文件……"; \
	npm run build --silent; \
	echo "$$wanted" > node_modules/.siban-built

# Everything that can be made again; never the data. A VENV that was not made from here stays.
clean:
	@if [ "$$(cat "$(VENV)/.siban-place" 2>/dev/null)" = "$$PWD" ]; then rm -rf "$(VENV)"; fi
	@rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf frontend/static frontend/node_modules
	@find config siban tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "已清理。数据没有动。"
