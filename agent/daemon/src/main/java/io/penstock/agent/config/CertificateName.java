package io.penstock.agent.config;

/** Which name in a client's certificate is the client's. */
public enum CertificateName implements Keyword {
    /** The common name of its subject. */
    COMMON("common"),
    /** Its first alternative name that is text. */
    ALTERNATIVE("alternative");

    private final String keyword;

    CertificateName(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
