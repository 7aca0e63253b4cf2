FROM python:3.13-slim AS build
WORKDIR /source
RUN python -m venv /opt/immunobot
COPY requirements.lock ./
# pip compiles what it installs, so a container starts quickly on a file system that it cannot write.
RUN /opt/immunobot/bin/pip install --no-cache-dir --require-hashes --compile -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY content content
COPY adapters adapters
COPY bots bots
RUN /opt/immunobot/bin/pip install --no-cache-dir --no-deps --no-build-isolation --compile .

FROM python:3.13-slim
COPY --from=build /opt/immunobot /opt/immunobot
ENV PATH=/opt/immunobot/bin:$PATH
# A named volume takes its owner from the folder that it is mounted on.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
USER 10001:10001
# The default store is ./data: the folder above.
WORKDIR /
STOPSIGNAL SIGTERM
EXPOSE 8080
ENTRYPOINT ["immunobot"]
CMD ["run"]
