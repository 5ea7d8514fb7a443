# syntax=docker/dockerfile:1

# The program alone, in a small image of Debian, under a user of its own.
#
#   docker build -t oba .
#   docker run --rm -v oba:/data -v ~/press:/press:ro oba index /press
#   docker run --rm -v oba:/data oba keys add --kind search      # without a key it does not listen outside of the container
#   docker run -d -p 127.0.0.1:7700:7700 -v oba:/data --read-only --cap-drop ALL oba

FROM rust:1.91-slim-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY benches benches
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin oba && cp target/release/oba /oba

FROM debian:bookworm-slim
# curl asks after the server's health.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data oba && install -d -o oba -g oba /data
COPY --from=build /oba /usr/local/bin/oba
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV OBA_INDEX=/data/index OBA_HOME=/data/home OBA_LISTEN=0.0.0.0:7700 OBA_LOG_FORMAT=json
EXPOSE 7700
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:7700/health/ready"]
ENTRYPOINT ["oba"]
CMD ["serve"]
