package io.penstock.agent.config;

import java.util.List;

/** {@code credentials.source}: where they come from, and which further keys belong to it. */
enum CredentialSourceName implements Keyword {
    NONE("none"),
    CHAIN("chain"),
    PROFILE("profile", "profile", "file"),
    STATIC("static", "access-key-id", "secret-access-key", "session-token"),
    WEB_IDENTITY("web-identity", "role-arn", "token-file", "session-name"),
    CONTAINER("container"),
    INSTANCE("instance");

    private final String keyword;
    private final List<String> keys;

    CredentialSourceName(String keyword, String... keys) {
        this.keyword = keyword;
        this.keys = List.of(keys);
    }

    @Override
    public String keyword() {
        return keyword;
    }

    List<String> keys() {
        return keys;
    }
}
