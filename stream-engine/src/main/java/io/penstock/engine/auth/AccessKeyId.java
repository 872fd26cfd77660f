package io.penstock.engine.auth;

/** The id of the key that signed a call, or seems to have signed it; not the secret. Stateless. */
public final class AccessKeyId {
    private static final String CREDENTIAL = "Credential=";
    private static final int LONGEST = 128;

    private AccessKeyId() {}

    /**
     * What the header says; empty if it says nothing.
     *
     * @param authorization the header of that name
     */
    public static String of(String authorization) {
        int at = authorization.indexOf(CREDENTIAL);
        int from = at + CREDENTIAL.length();
        int end = at < 0 ? -1 : authorization.indexOf('/', from);
        return end < 0 ? "" : authorization.substring(from, Math.min(end, from + LONGEST));
    }
}
