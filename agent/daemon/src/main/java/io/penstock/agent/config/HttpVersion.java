package io.penstock.agent.config;

/** The HTTP that a target is spoken to in. */
public enum HttpVersion implements Keyword {
    /** Works with every endpoint, proxy and stub. */
    HTTP_1_1("1.1"),
    /** HTTP/2: with prior knowledge over plain text, by ALPN over TLS. */
    HTTP_2("2");

    private final String keyword;

    HttpVersion(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
