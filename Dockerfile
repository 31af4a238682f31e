# syntax=docker/dockerfile:1
FROM python:3.13-slim AS builder
WORKDIR /srv/binnen
ENV INTRANET_VENV=/opt/venv PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY run.py ./
COPY requirements requirements
RUN python run.py install postgres nats

FROM python:3.13-slim
RUN groupadd --gid 10001 binnen && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home binnen \
    && install -d -o binnen -g binnen -m 0700 /data
WORKDIR /srv/binnen
COPY --from=builder /opt/venv /opt/venv
COPY LICENSE ./
COPY intranet intranet
COPY templates templates
COPY static static
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 INTRANET_HOST=0.0.0.0 INTRANET_PORT=8000 INTRANET_DATA=/data INTRANET_LOG=json
RUN python -m compileall -q intranet
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "intranet"]
CMD ["serve"]
