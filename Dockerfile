# syntax=docker/dockerfile:1
# One image for every server process. It is built with the same scripts that `npm start` runs, and runs without npm, without
# root, and with nothing to write to but /data (keys; files too, where there is no S3_URL) and /tmp.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV XDG_CACHE_HOME=/cache DEBIAN_FRONTEND=noninteractive
COPY .npmrc package.json package-lock.json ./
COPY scripts scripts
COPY shared/protocol/package.json shared/protocol/
COPY shared/rtc/package.json shared/rtc/
COPY shared/ui/package.json shared/ui/
COPY server/package.json server/
COPY client-kiosk/package.json client-kiosk/
COPY client-agent/package.json client-agent/
RUN node scripts/setup/dependencies.mjs
# The prebuilt mediasoup worker where it can be had, else built from its source (5 minutes on 2 cores).
RUN node scripts/setup/worker.mjs && cp /cache/openvtm/mediasoup-worker/*/mediasoup-worker /mediasoup-worker
COPY . .
RUN node scripts/setup/clients.mjs && node scripts/setup/voice.mjs
# What only building and testing need goes; the install scripts that are allowed have run.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf scripts client-*/src client-*/node_modules

FROM node:24-bookworm-slim
# What a worker built here is linked against; the prebuilt one needs none of it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 libabsl20220623 \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -m 0700 /data && chown node:node /data
WORKDIR /app
COPY --from=build /mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=build /app /app
ENV NODE_ENV=production OPENVTM_DATA=/data OPENVTM_PORT=8080 MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER node
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/src/main.ts"]
