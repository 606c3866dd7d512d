# One image for the pages, the scheduler and the workers: docker compose up.
FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --create-home vigie \
  && mkdir /data && chown vigie /data
USER vigie
ENV VIGIE_DATA=/data
ENTRYPOINT ["vigie"]
