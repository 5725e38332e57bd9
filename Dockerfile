# The base is named by tag here; a release is built from the digest that the tag then has (.github/workflows/release.yml),
# and that digest stands in the image's labels. Two builds on one base have the same layers, byte for byte, where the
# builder sets the times of files (tests/image): no file that is made here holds a time, a path of the build or chance.
FROM python:3.13-slim AS build
WORKDIR /src

# Everything that is installed, the build backend included, is locked by hash. pip leaves out the bytecode, which would
# name the time of its source.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --no-cache-dir --only-binary :all: --require-hashes --no-deps \
      -r requirements/build.txt \
 && /opt/build/bin/python -m pip check \
 && python -m venv --without-pip /opt/venv \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile \
      --only-binary :all: --require-hashes --no-deps -r requirements/runtime.txt

COPY pyproject.toml README.md LICENSE ./
COPY src/tfc_plan_comment src/tfc_plan_comment
# The wheel is looked for by its name: pip would write down the path of one that is handed to it.
RUN /opt/build/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --no-deps --no-index \
      --find-links /dist tfc-plan-comment \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python check \
 && /opt/venv/bin/python -I -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv

# Each of our modules is imported here once, with all that it needs: an image that cannot run is never made, and Python's
# own library, of which the base has no bytecode, is compiled where we use it, and not anew in every step. The codecs are
# named, for Python imports one where something is decoded with it. Our templates are compiled here once, too.
RUN ["/opt/venv/bin/python", "-I", "-c", "import encodings.unicode_escape, encodings.utf_16_le, importlib, pkgutil, tfc_plan_comment as ours; [importlib.import_module(each.name) for each in pkgutil.walk_packages(ours.__path__, ours.__name__ + '.')]; ours.report.write.template.compile_all()"]

# A release adds where it comes from: version, source, revision, base.
LABEL org.opencontainers.image.title="tfc-plan-comment" \
      org.opencontainers.image.description="The pull request comment a reviewer can decide from, out of an HCP Terraform run" \
      org.opencontainers.image.licenses="Apache-2.0"

# There is no USER on purpose: GitHub requires root, or the workspace cannot be written
# (GitHub Docs, Dockerfile support for GitHub Actions, "USER"). There is no WORKDIR and no HEALTHCHECK either:
# the runner sets the one, and the other is for services.

# -I: the working directory is the user's checkout, and without it a file there, such as requests.py, would be imported
# in place of our dependency. PYTHON* variables are ignored with it.
ENTRYPOINT ["/opt/venv/bin/python", "-I", "-m", "tfc_plan_comment"]
