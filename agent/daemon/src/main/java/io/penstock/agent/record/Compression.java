package io.penstock.agent.record;

import io.penstock.base.settings.Noun;

/** How each record is compressed before it is stored. */
@Noun("compression")
public enum Compression {
    NONE("none"),
    /** One member (RFC 1952). */
    GZIP("gzip"),
    /** One stream (RFC 1950), as the {@code compression zlib} of Fluentd's plugin makes it. */
    ZLIB("zlib"),
    /** One frame (RFC 8878), with its content's size. */
    ZSTD("zstd");

    private final String word;

    Compression(String word) {
        this.word = word;
    }

    /** As the configuration names it. */
    public String word() {
        return word;
    }
}
