# The base is named by tag here; a release is built from the digest that the tag then has (.github/workflows/release.yml),
# and that digest stands in the image's labels.
FROM python:3.13-slim AS build
WORKDIR /src

# Everything that is installed, the build backend included, is locked by hash.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --no-cache-dir --only-binary :all: --require-hashes --no-deps \
      -r requirements/build.txt \
 && /opt/build/bin/python -m pip check \
 && python -m venv --without-pip /opt/venv \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python install --no-cache-dir --only-binary :all: \
      --require-hashes --no-deps -r requirements/runtime.txt

COPY pyproject.toml README.md LICENSE ./
COPY src/tfc_plan_comment src/tfc_plan_comment
RUN /opt/build/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python install --no-cache-dir --no-deps --no-index /dist/*.whl \
 && /opt/build/bin/python -m pip --python /opt/venv/bin/python check

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv

# Everything that the action imports late is imported here once, so that an image that cannot run is never made.
RUN ["/opt/venv/bin/python", "-I", "-c", "import tfc_plan_comment.__main__, tfc_plan_comment.action.story, tfc_plan_comment.github_actions.comments, tfc_plan_comment.cli"]

# There is no USER on purpose: GitHub requires root, or the workspace cannot be written
# (GitHub Docs, Dockerfile support for GitHub Actions, "USER"). There is no WORKDIR and no HEALTHCHECK either:
# the runner sets the one, and the other is for services.

# -I: the working directory is the user's checkout, and without it a file there, such as requests.py, would be imported
# in place of our dependency. PYTHON* variables are ignored with it.
ENTRYPOINT ["/opt/venv/bin/python", "-I", "-m", "tfc_plan_comment"]
